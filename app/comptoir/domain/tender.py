"""Ways to pay, and what each asks for; and how a tip is offered."""

from dataclasses import dataclass

from comptoir.domain.money import PPM, half_up

TIP_PRESETS_PPM = (50_000, 100_000, 150_000)
CASH, CARD, CHEQUE, VOUCHER, ACCOUNT = "cash", "card", "cheque", "voucher", "house_account"


@dataclass(frozen=True, slots=True)
class Tender:
    """A way to pay.

    ``gives_change``: more may be handed over than is owed, the rest goes back. ``keeps_rest``: more
    may be handed over, nothing goes back. ``reference``: what stands on the slip must be typed.
    ``account``: whose account must be said. ``asks``: somebody outside is asked if it is good.
    """

    id: str
    gives_change: bool = False
    keeps_rest: bool = False
    reference: bool = False
    account: bool = False
    asks: bool = False


TENDERS = {
    tender.id: tender
    for tender in (
        Tender(CASH, gives_change=True),
        Tender(CARD, reference=True, asks=True),
        Tender(CHEQUE, reference=True),
        Tender(VOUCHER, keeps_rest=True),
        Tender(ACCOUNT, account=True, asks=True),
    )
}


def tip_offers(amount: int, presets_ppm: tuple[int, ...]) -> tuple[int, ...]:
    """Return the tips to offer for an amount, in minor units."""
    return tuple(half_up(amount * ppm, PPM) for ppm in presets_ppm)
