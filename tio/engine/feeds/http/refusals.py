"""Refusals a source reads from a body, told so that the breaker knows what to do.

Each is a kind of the errors everyone knows; across the wire it is that kind.
"""

from datetime import datetime

from tio.api.errors import Busy, NotAllowed


class BadKey(NotAllowed):
    """The key is refused: nothing is asked until it is another one."""


class StaleCredential(NotAllowed):
    """A crumb or token has expired: the source gets a new one and asks once more."""


class Throttled(Busy):
    """Asked too often: every call to the host waits `seconds`, or as for a 429 without a time."""

    def __init__(self, message: str, next: str = "", *, seconds: float | None = None) -> None:
        super().__init__(message, next)
        self.seconds = seconds


class QuotaSpent(Busy):
    """The day's quota is used up: nothing is asked until then, by default the window's reset."""

    def __init__(self, message: str, next: str = "", *, until: datetime | None = None) -> None:
        super().__init__(message, next)
        self.until = until
