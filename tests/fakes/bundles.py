"""Bundles of a test: laid out as the builder lays them out, with nothing in them that runs."""

import hashlib
import random

from comptoir.updates.bundles import About

KIND = "comptoir-debian-terminal"
MANIFEST = """\
[update]
compatible={kind}
version={version}

[image.rootfs]
sha256={sum}
size={size}
filename=root.img
"""


def root(seed: int = 1, size: int = 300_000) -> bytes:
    """Return what a slot holds."""
    return random.Random(seed).randbytes(size)


def bundle(content: bytes, version: str = "1.2", kind: str = KIND) -> bytes:
    """Return a bundle: something before, the root, what follows, the manifest, its length."""
    summed = hashlib.sha256(content).hexdigest()
    said = MANIFEST.format(kind=kind, version=version, sum=summed, size=len(content)).encode()
    signed = b"\x30\x82" + said + b"\x02\x01signature"
    after = random.Random(summed).randbytes(20_000)
    return b"hsqs" + bytes(92) + content + after + signed + len(signed).to_bytes(8, "big")


def about(made: bytes, version: str = "1.2", kind: str = KIND) -> About:
    """Return what an offer says of it."""
    return About(hashlib.sha256(made).hexdigest(), kind, version, len(made))
