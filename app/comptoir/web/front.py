"""What the customer in front of this terminal sees: the check that its own screen is at."""

import threading


class Front:
    """Names the check at hand; ``show`` is called by the screens, ``shown`` by the display."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._check = ""
        self._tip = ("", 0)

    @property
    def shown(self) -> str:
        """Return the check's id, empty when the screen is at none."""
        return self._check

    def show(self, check: str) -> bool:
        """Note the check that the screen is at, none when empty; tells whether that is news."""
        with self._lock:
            same, self._check = self._check == check, check
        return not same

    def tip(self, payment: str, otherwise: int) -> int:
        """Return the tip chosen for a payment that is being asked for, else the one it has."""
        chosen, tip = self._tip
        return tip if chosen == payment else otherwise

    def choose(self, payment: str, tip: int) -> bool:
        """Note the tip that is chosen while the money is asked for; tells whether that is news."""
        with self._lock:
            same, self._tip = self._tip == (payment, tip), (payment, tip)
        return not same
