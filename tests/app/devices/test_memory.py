"""What the devices program holds before anything is printed."""

import subprocess
import sys

HEAVY = {"PIL", "escpos", "qrcode", "segno"}
LOADED = "import sys, comptoir.bootstrap.devices; print(*sys.modules)"


def test_a_house_without_printers_loads_no_fonts_and_no_pictures() -> None:
    said = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True)
    assert not HEAVY & set(said.stdout.decode().split())
