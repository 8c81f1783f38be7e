"""Speaks as rpiboot does: its command line, what it prints, and the metadata it leaves.

`modules/<port>.json` beside it is a module: serial, EEPROM checksum, and how it takes an update.
Modelled on usbboot's main.c and on logs that people published; no module was asked.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

HELP = """Usage: rpiboot
   or: rpiboot -d [directory]
        -p [pathname]    : Only look for CM with USB pathname
        -j [path]        : Enable output of metadata JSON files in a given directory
        -h               : This help
"""
BANNER = """RPIBOOT: build-date 2026/05/25 pkg-version local 42ca5093

Please fit the EMMC_DISABLE / nRPIBOOT jumper before connecting the power and USB cables to the target device.
If the device fails to connect then please see https://rpltd.co/rpiboot for debugging tips.
"""  # noqa: E501  # as it prints it
SENT = """Waiting for BCM2835/6/7/2711/2712...

Sending bootcode.bin
Successful read 4 bytes\x20
Waiting for BCM2835/6/7/2711/2712...

Second stage boot server"""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(argv: list[str]) -> int:
    if "-h" in argv:
        say(HELP)
        return 0
    options = dict(zip(argv[::2], argv[1::2], strict=True))
    folder, port = Path(options["-d"]), options["-p"]
    path = Path(__file__).parent / "modules" / f"{port}.json"
    say(BANNER)
    has_loader = (folder / "bootfiles.bin").exists() or (folder / "bootcode4.bin").exists()
    if not has_loader:
        sys.stderr.write(f"No 'bootcode' files found in '{folder}'\n")
        return 255
    say(SENT)
    while not path.exists():  # as the real one: it waits for ever
        time.sleep(0.05)
    module = json.loads(path.read_text())
    if (folder / "boot.img").exists():
        say("Loading: boot.img\nFile read: boot.img")
        module["lends"] = True
    else:
        recover(module, folder, Path(options["-j"]))
    path.write_text(json.dumps(module))
    say("Second stage boot server done")
    return 0


def recover(module: dict[str, str], folder: Path, metadata: Path) -> None:
    """Do as recovery.bin does: renew the EEPROM if there is an image, and tell what is there."""
    said = {"USER_SERIAL_NUM": module["serial"], "MAC_ADDR": "88:a2:9e:7b:0e:4d"}
    image = folder / "pieeprom.bin"
    if "recovery_metadata=1" not in (folder / "config.txt").read_text():
        return
    say("Loading: config.txt\nFile read: config.txt")
    if image.exists() and (folder / "pieeprom.sig").read_text()[:64] == digest(image):
        say("Loading: pieeprom.sig\nFile read: pieeprom.sig\nFile read: pieeprom.bin")
        module["updates"] = module.get("updates", "") + "u"
        if module.get("takes", "yes") == "yes":
            module["eeprom"] = digest(image)
        if module.get("takes") != "silently not":
            said["EEPROM_UPDATE"] = "success" if module.get("takes", "yes") == "yes" else "fail"
    said |= {"EEPROM_HASH": module["eeprom"], "BOOT_ROM": "000048b0", "USER_BOARDREV": "b03141"}
    say(f"Created metadata file: {metadata}/{module['serial']}.json")
    rows = ",".join(f'\n\t"{key}" : "{value}"' for key, value in said.items())
    (metadata / f"{module['serial']}.json").write_text("{" + rows + "\n}")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
