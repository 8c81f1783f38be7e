"""The screens, one module per workplace: parse, command, render."""
