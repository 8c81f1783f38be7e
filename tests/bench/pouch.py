"""Our replication side by side with PouchDB's: the same events, two nodes each, in the same run.

Both have a disk and are on this computer; ours speaks TLS and checks signatures, PouchDB does not.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from comptoir.bus import Address
from comptoir.domain.envelope import Sealed
from tests.bench.figures import Figure, NotMeasurable, Ratio
from tests.bench.meter import Meter
from tests.bench.peers import EVENTS, INTERVAL_S, in_ms, ours

POUCH = Path(__file__).parent / "npm"
NPM_S_MAX = 600


def measure(long: bool) -> list[Figure]:
    """Return ratios of what a copy takes and of what it weighs."""
    del long
    with tempfile.TemporaryDirectory() as folder:
        copied = ours(Path(folder) / "ours", 2)
        took_s, carried = theirs(Path(folder), copied.events)
        times = [
            Ratio(f"stored at the peer p{p}", in_ms(copied.took_s, p), in_ms(took_s, p), "ms")
            for p in (50, 99)
        ]
        weight = Ratio("between them", copied.carried / EVENTS, carried / EVENTS, "B/event")
        return [f"  {EVENTS} events, 20 a second; ours with TLS", *times, weight]


def theirs(folder: Path, events: Sequence[Sealed]) -> tuple[list[float], int]:
    """Let PouchDB copy the same events as documents; returns seconds of each, and the bytes."""
    place = _installed()
    for name in ("far", "near"):
        (folder / name).mkdir()
    lines = [json.dumps(_document(number, event)) for number, event in enumerate(events)]
    file = folder / "documents"
    file.write_text("\n".join(lines), encoding="utf-8")
    node = [shutil.which("node") or "node", str(place / "node.mjs")]
    with _told([*node, "far", str(folder / "far"), str(len(lines))]) as far:
        meter = Meter(Address("127.0.0.1", int(_heard(far)["port"])))
        address = f"http://{meter.address}"
        how = [address, str(file), str(int(INTERVAL_S * 1000))]
        with _told([*node, "near", str(folder / "near"), *how]) as near:
            _heard(near)
            before = meter.carried
            begun, stored = _heard(near), _heard(far)
            carried = meter.carried - before
        meter.stop()
    return [stored[name] - begun[name] for name in begun], carried


def _document(number: int, event: Sealed) -> Mapping[str, str]:
    signature = base64.b64encode(event.signature).decode()
    return {"_id": f"t1-1-{number:06}", "payload": event.payload.decode(), "signature": signature}


def _installed() -> Path:
    """Return a folder with PouchDB, installed by npm from the lock file once."""
    if not shutil.which("npm"):
        raise NotMeasurable("npm is missing; install npm 10 or newer")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    place = cache / "comptoir-tests/pouch"
    place.mkdir(parents=True, exist_ok=True)
    for file in POUCH.iterdir():
        shutil.copy(file, place)
    npm = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(
        npm, cwd=place, capture_output=True, text=True, check=False, timeout=NPM_S_MAX
    )
    if done.returncode:
        raise NotMeasurable(f"npm ci: {done.stderr.strip().splitlines()[-1]}")
    return place


@contextmanager
def _told(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _heard(process: subprocess.Popen[str]) -> Mapping[str, float]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise NotMeasurable("PouchDB ended early")
    heard: Mapping[str, float] = json.loads(line)
    return heard
