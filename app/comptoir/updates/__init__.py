"""The updates program: which terminal is next, where its bundle comes from, who else gets it here.

It decides and carries bytes. That a bundle is ours RAUC checks, which also writes it; the till
writes the facts.
"""

from comptoir.updates.program import Links, Place, Program

__all__ = ["Links", "Place", "Program"]
