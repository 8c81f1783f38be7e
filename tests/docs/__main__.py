"""Renews the generated parts of the documents: what `tests/run --write` starts."""

import sys

from tests.docs import parts

for changed in parts.write_all():
    sys.stdout.write(f"renewed {changed}\n")
