"""Cash: which notes and coins there are, and which notes a guest is likely to hand over."""

NOTES = {
    "AUD": (5, 10, 20, 50, 100),
    "CAD": (5, 10, 20, 50, 100),
    "CNY": (1, 5, 10, 20, 50, 100),
    "EUR": (5, 10, 20, 50, 100, 200),
    "GBP": (5, 10, 20, 50),
    "HKD": (10, 20, 50, 100, 500, 1000),
    "JPY": (1000, 2000, 5000, 10_000),
    "MXN": (20, 50, 100, 200, 500, 1000),
    "USD": (1, 5, 10, 20, 50, 100),
}
NOTES_OF_OTHERS = (5, 10, 20, 50, 100)
COINS = {
    "AUD": (5, 10, 20, 50, 100, 200),
    "CAD": (5, 10, 25, 100, 200),
    "CNY": (10, 50, 100),
    "EUR": (1, 2, 5, 10, 20, 50, 100, 200),
    "GBP": (1, 2, 5, 10, 20, 50, 100, 200),
    "HKD": (10, 20, 50, 100, 200, 500, 1000),
    "JPY": (1, 5, 10, 50, 100, 500),
    "MXN": (10, 20, 50, 100, 200, 500, 1000),
    "USD": (1, 5, 10, 25, 100),
}
COINS_OF_OTHERS = (1, 5, 10, 50, 100)
"""In minor units."""


def next_notes(due: int, currency: str, digits: int, offered: int = 4) -> list[int]:
    """Return round amounts above ``due`` (minor units) that notes make, smallest first."""
    unit = 10**digits
    notes = [note * unit for note in NOTES.get(currency, NOTES_OF_OTHERS)]
    rounded = {-(-due // note) * note for note in notes}
    return sorted(amount for amount in rounded if amount > due)[:offered]


def pieces(currency: str, digits: int) -> list[int]:
    """Return the notes and coins that a drawer may hold, in minor units, largest first."""
    unit = 10**digits
    notes = {note * unit for note in NOTES.get(currency, NOTES_OF_OTHERS)}
    return sorted(notes | set(COINS.get(currency, COINS_OF_OTHERS)), reverse=True)
