"""Money in integer minor units, rates in parts per million: no float ever touches a price."""

from collections.abc import Sequence

PPM = 1_000_000
EXPONENTS = {"JPY": 0, "KRW": 0, "TND": 3}
EXPONENT_DEFAULT = 2
COMMA = frozenset({"es", "fr"})
# where these are the money, Spanish writes numbers with a point (CLDR: es_MX, es_US)
POINT_IN_SPANISH = frozenset({"MXN", "USD"})


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round halves away from zero, the rounding that receipts use."""
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * rest >= denominator)
    return rounded if numerator >= 0 else -rounded


def half_even(numerator: int, denominator: int) -> int:
    """Divide and round halves to the even neighbour, the banker's rounding."""
    quotient, rest = divmod(numerator, denominator)
    above = 2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1)
    return quotient + above


def apportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount`` by ``weights`` so that the parts sum to it: largest remainder first."""
    total = sum(weights)
    if not weights or total <= 0:
        raise ValueError("weights must be there and sum to more than zero")
    parts = [amount * weight // total for weight in weights]
    remainders = [amount * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def decimal_mark(language: str, currency: str) -> str:
    """Return what stands before the decimals in a house of this currency."""
    pointed = language == "es" and currency in POINT_IN_SPANISH
    return "," if language in COMMA and not pointed else "."


def exponent(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217)."""
    return EXPONENTS.get(currency, EXPONENT_DEFAULT)


def plain(amount: int, currency: str) -> str:
    """Write an amount with its decimals and no symbol: 1250 EUR is ``12.50``."""
    digits = exponent(currency)
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def parse(text: str, currency: str) -> int:
    """Read what a person typed (``12``, ``12.5``, ``12,50``) into minor units."""
    digits = exponent(currency)
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 9):
        raise ValueError(f"{text!r} is not an amount")
    if part and not (part.isascii() and part.isdigit() and len(part) <= digits):
        raise ValueError(f"{text!r} has more than {digits} decimals or is not an amount")
    return int(whole + part.ljust(digits, "0")) if digits else int(whole)
