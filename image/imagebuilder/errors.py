"""The one error a person sees: what went wrong, where, and what to do next."""


class BuildError(Exception):
    """Ends a command with one line; never with a traceback."""

    def __init__(self, what: str, *, where: str, hint: str) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(f"{what} ({where}): {hint}")
