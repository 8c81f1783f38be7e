"""Renews what is generated, documents and catalogues: what `tests/run --write` starts."""

import sys

from tests.docs import catalogues, parts


def main() -> int:
    """Renew what can be renewed; return 1 when a document lacks its markers."""
    code = 0
    for part in parts.PARTS:
        try:
            if parts.write(part):
                sys.stdout.write(f"renewed {part.file}: {part.name}\n")
        except parts.PartMissing as missing:
            sys.stderr.write(f"tests/run --write: {missing}\n")
            code = 1
    for file in catalogues.renew():
        sys.stdout.write(f"renewed {file}: its new texts wait for a translation\n")
    return code


sys.exit(main())
