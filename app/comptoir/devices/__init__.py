"""Devices: printers and the drawers that hang on them; one process, a thread for each printer.

It opens the journal read-only. What it did goes to the till, which alone writes events.
"""

from comptoir.devices.fonts import FontMissing
from comptoir.devices.program import Devices

__all__ = ["Devices", "FontMissing"]
