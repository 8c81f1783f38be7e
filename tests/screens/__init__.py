"""Pictures of every screen, made by a command."""
