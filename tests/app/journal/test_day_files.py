"""Closed days are read from any number of files; what is kept of them in memory stays small."""

import subprocess
import sys
from pathlib import Path

from comptoir.journal import day_files

FILES, EVENTS, EVENT_BYTES = 12, 1500, 1000
GROWTH_KIB_MAX = 2048
READ_ALL = """
import sys
from pathlib import Path
from comptoir.journal.day_files import DayFiles

def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if "VmRSS" in line)

folder, files, events = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
days = DayFiles(folder)
assert days.payload(1000, 1)
before = resident()
for file in range(1000, 1000 + files):
    for position in range(events):
        assert days.payload(file, position)
print(resident() - before)
"""


def test_reading_many_days_keeps_little_of_them_in_memory(tmp_path: Path) -> None:
    for file in range(1000, 1000 + FILES):
        with day_files.Binder(day_files.path_of(tmp_path, file)) as binder:
            binder.add((n, b"x" * EVENT_BYTES, b"s") for n in range(EVENTS))
            binder.finish()
    command = [sys.executable, "-c", READ_ALL, str(tmp_path), str(FILES), str(EVENTS)]
    grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert grown < GROWTH_KIB_MAX
