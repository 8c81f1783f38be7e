"""Writes images to cards and modules: one, several at once, or a whole tray of them."""
