"""What flashing an image takes, written and read back, next to `dd`, which only writes."""

import subprocess
import tempfile
import time
from pathlib import Path

from imagebuilder.flashing import unit
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.unit import Result, Target
from tests.bench import artefacts
from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio

AIM = 1.0


def measure(long: bool) -> list[Figure]:
    """Flash the terminal's image to a file, then let dd write it to another."""
    del long
    artefacts.manifest()
    path = artefacts.DIST / f"{artefacts.NAME}.img.zst"
    image = Image.read(path, None, lambda _: None)
    with tempfile.TemporaryDirectory(dir=artefacts.DIST) as folder:
        outcome = unit.flash(image, Target(Path(folder) / "ours", Kernel()), None, lambda *_: None)
        if outcome.result is not Result.GOOD:
            raise NotMeasurable(f"flashing failed: {outcome.reason}")
        (Path(folder) / "ours").unlink()
        plain = dd(path, Path(folder) / "plain")
    mib = image.blocks.mapped / (1 << 20)
    return [
        Ratio("flashed and read back ÷ dd", outcome.seconds, plain, "s", AIM),
        Amount("mapped blocks", mib, f"MiB of {image.size >> 20}"),
        Amount("written and read back", mib / outcome.seconds, "MiB/s"),
    ]


def dd(image: Path, target: Path) -> float:
    """Return the seconds that `zstd | dd` takes until all is on the disk."""
    started = time.monotonic()
    with subprocess.Popen(["zstd", "-dcq", image], stdout=subprocess.PIPE) as expanded:
        subprocess.run(
            ["dd", f"of={target}", "bs=1M", "iflag=fullblock", "conv=fsync", "status=none"],
            stdin=expanded.stdout,
            check=True,
        )
    if expanded.returncode:
        raise NotMeasurable(f"zstd could not expand {image}")
    return time.monotonic() - started
