"""What the firmware adds to a device tree before it starts the kernel: whether this is a trial.

The flattened format is that of the Devicetree Specification 0.4, chapter 5: a header, a block of
tokens and a block of names. Only what is needed here is read; a tree that is none is refused.
"""

import struct
from dataclasses import dataclass

MAGIC = 0xD00DFEED
BEGIN, END, PROPERTY, NOTHING = 1, 2, 3, 4
HEADER = struct.Struct(">10I")
WORD = struct.Struct(">I")


@dataclass(frozen=True)
class _Tree:
    """A tree in its parts; memory reservations stay as they are, before the other two."""

    front: bytes
    version: tuple[int, ...]
    tokens: bytes
    names: bytes


def add_trial(blob: bytes, *, trial: bool) -> bytes:
    """Return the tree with /chosen/bootloader/tryboot as the firmware would set it."""
    tree = _read(blob)
    names = tree.names + b"tryboot\0"
    value = WORD.pack(PROPERTY) + struct.pack(">II", 4, len(tree.names)) + WORD.pack(trial)
    node = WORD.pack(BEGIN) + b"bootloader\0\0" + value + WORD.pack(END)
    at = _end_of_chosen(tree.tokens)
    return _write(
        _Tree(tree.front, tree.version, tree.tokens[:at] + node + tree.tokens[at:], names)
    )


def _read(blob: bytes) -> _Tree:
    if len(blob) < HEADER.size or WORD.unpack_from(blob)[0] != MAGIC:
        raise ValueError("this is no device tree")
    (_, _, tokens, names, reserved, *version, names_size, tokens_size) = HEADER.unpack_from(blob)
    front = blob[reserved : min(start for start in (tokens, names) if start > reserved)]
    return _Tree(
        front,
        tuple(version),
        blob[tokens : tokens + tokens_size],
        blob[names : names + names_size],
    )


def _write(tree: _Tree) -> bytes:
    reserved = HEADER.size
    tokens = reserved + len(tree.front)
    names = tokens + len(tree.tokens)
    size = names + len(tree.names)
    header = (MAGIC, size, tokens, names, reserved, *tree.version)
    sizes = (len(tree.names), len(tree.tokens))
    return HEADER.pack(*header, *sizes) + tree.front + tree.tokens + tree.names


def _end_of_chosen(tokens: bytes) -> int:
    """Return where the node /chosen ends: a node more fits in before that."""
    at, path = 0, []
    while at < len(tokens):
        token = WORD.unpack_from(tokens, at)[0]
        if token == BEGIN:
            name = tokens[at + 4 : tokens.index(0, at + 4)]
            path.append(name)
            at += 4 + _whole_words(len(name) + 1)
        elif token == END:
            if path == [b"", b"chosen"]:
                return at
            path.pop()
            at += 4
        elif token == PROPERTY:
            at += 12 + _whole_words(WORD.unpack_from(tokens, at + 4)[0])
        elif token == NOTHING:
            at += 4
        else:
            break
    raise ValueError("the device tree has no node /chosen")


def _whole_words(size: int) -> int:
    return -(-size // 4) * 4
