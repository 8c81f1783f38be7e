"""Devices: printers and the drawers that hang on them; one process, a thread for each printer.

It opens the journal read-only. What it did goes to the till, which alone writes events.
"""

from comptoir.devices.program import Devices, Look

__all__ = ["Devices", "Look"]
