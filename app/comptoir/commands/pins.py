"""PINs and API tokens: kept as hashes, compared in constant time."""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes: the least that OWASP's password storage sheet gives for argon2id
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a PIN."""
    return _HASHER.hash(pin)


def pin_fits(pin_hash: str, pin: str) -> bool:
    """Tell whether a PIN belongs to a hash; what is no hash fits none, and harms nobody else."""
    try:
        return _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token in hex; tokens have 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_fits(token_hash: str, token: str) -> bool:
    """Tell whether a token belongs to a hash."""
    return hmac.compare_digest(token_hash, hash_token(token))
