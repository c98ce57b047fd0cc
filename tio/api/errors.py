"""What can go wrong, as one small tree that crosses the socket as what it was.

TioError
├── Invalid              400  what was said cannot be meant
│   ├── UnknownWord      400  no such word
│   └── WrongVersion     400  the two sides speak different protocols
├── NotAllowed           403  who asks may not
├── NotFound             404  nothing by that name
├── Conflict             409  it cannot be done as things stand
├── TooLarge             413  over a stated limit
├── Busy                 429  try again later
├── Overflow             429  this watcher fell too far behind
├── SourceUnavailable    503  a market-data source, or the engine, cannot be reached
├── Misconfigured        500  the configuration cannot be used
└── Broken               500  a fault of ours; the log has the rest
"""

from typing import ClassVar

import msgspec


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as it travels: a code for programs, a sentence for the person, the next step."""

    code: str
    message: str
    next: str = ""


class TioError(Exception):
    """Any error of ours: `message` says what happened and where, `next` what to do."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, next: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next = next

    @property
    def fault(self) -> Fault:
        return Fault(self.code, self.message, self.next)


class Invalid(TioError):
    code, status, exit_code = "invalid", 400, 2


class UnknownWord(Invalid):
    code = "unknown_word"


class WrongVersion(Invalid):
    code, exit_code = "wrong_version", 4


class NotAllowed(TioError):
    code, status, exit_code = "not_allowed", 403, 5


class NotFound(TioError):
    code, status, exit_code = "not_found", 404, 3


class Conflict(TioError):
    code, status = "conflict", 409


class TooLarge(TioError):
    code, status, exit_code = "too_large", 413, 2


class Busy(TioError):
    code, status, exit_code = "busy", 429, 75


class Overflow(TioError):
    code, status = "overflow", 429


class SourceUnavailable(TioError):
    code, status, exit_code = "source_unavailable", 503, 4


class Misconfigured(TioError):
    code, exit_code = "misconfigured", 78


class Broken(TioError):
    code = "broken"


KINDS: dict[str, type[TioError]] = {
    kind.code: kind
    for kind in (
        Invalid,
        UnknownWord,
        WrongVersion,
        NotAllowed,
        NotFound,
        Conflict,
        TooLarge,
        Busy,
        Overflow,
        SourceUnavailable,
        Misconfigured,
        Broken,
    )
}


def revive(fault: Fault) -> TioError:
    """The error a fault was before it travelled; an unknown code becomes `Broken`."""
    return KINDS.get(fault.code, Broken)(fault.message, fault.next)
