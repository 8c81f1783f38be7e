"""``python -m comptoir``: the command line without its script."""

from comptoir.cli import main

main()
