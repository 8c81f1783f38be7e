"""What is handed over for money that is asked for: enough, in a way that its tender allows."""

from comptoir.domain.errors import AmountRefused
from comptoir.domain.tender import Tender

TENDERED_MAX = 100_000_000
TYPED_CHARACTERS_MAX = 64


def typed(text: str) -> str:
    """Return what a person typed, cut to its longest."""
    return text.strip()[:TYPED_CHARACTERS_MAX]


def handed_over(
    tender: Tender, asked: int, tendered: int, reference: str, *, hint: str = ""
) -> tuple[int, str]:
    """Return the change and the reference to write down; raises AmountRefused.

    ``hint`` says what to do with the rest where a tender pays exactly.
    """
    over, reference = tendered - asked, typed(reference)
    if over < 0 or tendered > TENDERED_MAX:
        raise AmountRefused(f"{tendered} does not pay {asked}; count again.")
    if over and not (tender.gives_change or tender.keeps_rest):
        raise AmountRefused(f"A {tender.id} pays exactly {asked}{hint}.")
    if tender.reference and not reference:
        raise AmountRefused("Type the reference that stands on the slip.")
    return (over if tender.gives_change else 0), reference
