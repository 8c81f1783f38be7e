"""Runs the suites of `tests/suites.toml` one after the other and adds up what they found."""
