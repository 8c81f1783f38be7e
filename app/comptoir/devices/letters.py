"""Letters at a size in dots."""

import functools

from PIL import ImageFont

from comptoir.fonts import Face, FontMissing


@functools.lru_cache(maxsize=32)
def letters(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return a face at a size; raises FontMissing when its file cannot be read."""
    try:
        return ImageFont.truetype(face.file, size, index=face.index)
    except OSError as error:
        raise FontMissing(f"{face.file} cannot be read ({error})") from error
