"""Since when nobody of the restaurant reaches its cloud: what makes it offline by itself."""

GRACE_S = 20.0


class Absence:
    """Notices that the cloud is out of reach, once that has lasted; seconds are monotonic.

    A restaurant that never had a cloud misses none. While a manager holds it offline, the switch
    says since when, and not this.
    """

    def __init__(self, expected: bool) -> None:
        self._expected = expected
        self._last_s: float | None = None
        self._last_ms = 0

    def since_ms(self, now_s: float, now_ms: int, *, reached: bool, held: bool) -> int:
        """Return since when, milliseconds since 1970; 0 while there is nothing to miss."""
        self._expected = self._expected or reached
        if self._last_s is None or reached or held:
            self._last_s, self._last_ms = now_s, now_ms
        missed = self._expected and now_s - self._last_s >= GRACE_S
        return self._last_ms if missed else 0
