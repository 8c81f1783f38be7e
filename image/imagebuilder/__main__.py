"""`python -m imagebuilder COMMAND`: what image/build, image/flash and image/boot call."""

import sys

from imagebuilder.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
