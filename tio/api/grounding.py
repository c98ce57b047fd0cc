"""What an analyst's figures stand on: citations, and figures nothing stands behind."""

from datetime import datetime
from enum import StrEnum

import msgspec


class CitedFact(msgspec.Struct, frozen=True, kw_only=True):
    """One value a tool told: where in the answer of `call`, from which source, of when."""

    call: str
    path: str
    value: str
    symbol: str = ""
    unit: str = ""
    source: str = ""
    as_of: datetime | None = None


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that stands on facts; `start` and `end` count characters of the answer.

    `number` is what the text shows, equal for figures of the same facts. `operation` tells how the
    facts make it, "" where one was told as it is; `exact` is the value before it was rounded.
    """

    number: int
    start: int
    end: int
    text: str
    facts: tuple[CitedFact, ...]
    operation: str = ""
    exact: str = ""


class Unverified(msgspec.Struct, frozen=True, kw_only=True):
    """A figure nothing stands behind, why, and the fact that comes nearest."""

    start: int
    end: int
    text: str
    why: str
    nearest: CitedFact | None = None


class Grounded(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as far as it was judged (`judged` characters), with what its figures stand on.

    `share` is the part of its figures that is verified, None when it has none. `alone` counts
    numbers that claim nothing: those of the question, parameters, numbering.
    """

    text: str
    judged: int
    citations: tuple[Citation, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    alone: int = 0
    share: float | None = None


class Level(StrEnum):
    """How much an answer may be relied on."""

    low = "low"
    medium = "medium"
    high = "high"


class Confidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the evidence is worth, 0 to 1, the weakest part of it in `reason`.

    `notes` say what is stale, and what the model cannot know of its own.
    """

    level: Level
    score: float
    reason: str
    notes: tuple[str, ...] = ()
