"""Turns Ansible roles into a signed Raspberry Pi image."""
