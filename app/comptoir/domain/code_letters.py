"""Letters that two people compare who look at two screens, made of what each machine knows."""

import hashlib

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LETTERS, LETTER_BITS = 3, 4, 5
CODE_BITS = GROUPS * GROUP_LETTERS * LETTER_BITS
CODE_ROUNDS = 20_000  # who looks for a second key of the same code pays them for each try


def code_letters(secret: bytes, purpose: bytes) -> str:
    """Return twelve letters and digits in three groups.

    Dear to compute, so that nobody finds another key of the same code while somebody waits.
    """
    digest = hashlib.pbkdf2_hmac("sha256", secret, purpose, CODE_ROUNDS)
    number = int.from_bytes(digest) >> (8 * len(digest) - CODE_BITS)
    shifts = range(CODE_BITS - LETTER_BITS, -1, -LETTER_BITS)
    letters = "".join(LETTERS[number >> shift & 31] for shift in shifts)
    return "-".join(letters[at : at + GROUP_LETTERS] for at in range(0, len(letters), 4))
