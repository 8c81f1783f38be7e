"""The head office: restaurants side by side, for people with a name, a password and a code."""
