"""Simulated restaurants by the hundred: a card and a signed log each, and nothing else."""

from comptoir.domain.envelope import GENESIS, Envelope, Sealed, encode
from comptoir.domain.house import Card
from comptoir.journal import Signer

BODY = {
    "check": "c" * 32,
    "line": "l" * 32,
    "item": "peking-duck",
    "name": {"en": "Peking duck", "fr": "Canard laqué", "zh_Hans": "北京烤鸭"},
    "qty_milli": 1000,
    "unit_price": 2850,
    "taxes": ["vat-10"],
}


class House:
    """One simulated restaurant with one terminal: its card and its log."""

    def __init__(self, number: int) -> None:
        self.id = f"r{number}"
        self._signer = Signer.generate()
        self.card = Card("t1", "A", "Till", self._signer.public, "")

    def log(self, count: int, *, marked: bool = True) -> list[Sealed]:
        """Return a signed log, as a service makes it; unmarked as versions before did."""
        made: list[Sealed] = []
        before, mark = GENESIS, None
        for seq in range(1, count + 1):
            hlc = (1_795_348_800_000 + seq) << 16
            fields = (self.id, "t1", 1, seq, hlc, "2026-11-22", "ana", "line.added", 1)
            command = f"{seq:032x}"
            payload = encode(Envelope(*fields, BODY, before, None, command, prev_signature=mark))
            one = Sealed(payload, self._signer.sign(Sealed(payload, b"").digest))
            made.append(one)
            before, mark = one.digest.hex(), one.mark if marked else None
        return made
