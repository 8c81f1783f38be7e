"""The recording in the README, made by a command."""
