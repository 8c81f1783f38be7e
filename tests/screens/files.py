"""Where the pictures of the screens lie: a file per screen and size."""

from pathlib import Path

OUT = Path("app/docs/screens")
SIZES = ("800x480", "1280x800", "phone")


def file_of(name: str, size: str) -> Path:
    """Return a picture's file."""
    return OUT / f"{name.replace(' ', '-')}-{size}.webp"
