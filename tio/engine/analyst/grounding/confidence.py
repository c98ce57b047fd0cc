"""How much an answer may be relied on, reckoned from its evidence and never asked of the model."""

from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from tio.api.grounding import Confidence, Level

HIGH, MEDIUM = 0.75, 0.45
ENOUGH = 30
"""Cases a finding should stand on; fewer count by the root of their share."""
STALE_AFTER = 3.0
"""Data older than so many of its own spans (a day's bar: three days) is called stale."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer stands on; None where a part does not apply.

    coverage: the share of its figures verified, 0 to 1. age, span: seconds since the newest fact,
    and the length of its bars or the age a quote may have. sources: how many told it; apart: by
    what fraction they differ. samples: the fewest cases a statistic in it was made of. hits, told:
    how often earlier answers held, of how many.
    """

    coverage: float | None = None
    age: float | None = None
    span: float = 86_400.0
    sources: int = 1
    apart: float | None = None
    samples: int | None = None
    hits: int = 0
    told: int = 0


def confidence(grounds: Grounds) -> Confidence:
    """The product of the parts' worths: one weak part makes the whole weak, and is its reason."""
    parts = [
        _coverage(grounds),
        _age(grounds),
        _agreement(grounds),
        _samples(grounds),
        _record(grounds),
    ]
    known = [part for part in parts if part is not None]
    score = 1.0
    for worth, _ in known:
        score *= worth
    weakest = min(known, key=lambda part: part[0], default=(1.0, "nothing speaks against it"))
    if grounds.coverage is None:
        score, weakest = min(score, 0.4), (0.4, "it states no figure that could be verified")
    level = Level.high if score >= HIGH else Level.medium if score >= MEDIUM else Level.low
    reason = weakest[1] if weakest[0] < 0.999 else "every figure is verified and its data are fresh"
    sentence = reason[0].upper() + reason[1:] + "."
    return Confidence(level=level, score=round(score, 3), reason=sentence)


def stale_sentence(as_of: datetime, now: datetime, span: float) -> str:
    """That data are stale, or "" while they are not; `span` in seconds."""
    age = (now - as_of).total_seconds()
    if age <= STALE_AFTER * span:
        return ""
    return f"The newest data are of {as_of:%d %b %Y %H:%M} UTC, {duration(age)} old."


def cut_off_sentence(cut_off: date | None, asked_on: date) -> str:
    """That a question lies after what the model has read, or "" when it does not."""
    if cut_off is None:
        return "What the model knows of its own ends on a day it does not tell."
    if asked_on <= cut_off:
        return ""
    return (
        f"The model's own knowledge ends on {cut_off:%d %b %Y}; what happened since is known only "
        "from the tool results cited."
    )


def duration(seconds: float) -> str:
    """An age in its largest unit."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{int(seconds)} s"


_Part = tuple[float, str] | None


def _coverage(grounds: Grounds) -> _Part:
    if grounds.coverage is None:
        return None
    return grounds.coverage**2, f"{1 - grounds.coverage:.0%} of its figures are unverified"


def _age(grounds: Grounds) -> _Part:
    if grounds.age is None:
        return None
    spans = max(grounds.age, 0.0) / grounds.span
    worth = 1.0 if spans <= 1 else max(0.2, 1 / sqrt(spans))
    return worth, f"its newest data are {duration(grounds.age)} old"


def _agreement(grounds: Grounds) -> _Part:
    if grounds.sources < 2:
        return 0.9, "it rests on a single source"
    if grounds.apart is None:
        return None
    worth = max(0.2, 1 - 20 * abs(grounds.apart))
    return worth, f"its sources differ by {abs(grounds.apart):.1%}"


def _samples(grounds: Grounds) -> _Part:
    if grounds.samples is None:
        return None
    worth = min(1.0, sqrt(grounds.samples / ENOUGH))
    return worth, f"it is made of {grounds.samples} cases"


def _record(grounds: Grounds) -> _Part:
    if not grounds.told:
        return None
    # One hit and one miss are added, so that a short record says little (Laplace).
    rate = (grounds.hits + 1) / (grounds.told + 2)
    return min(1.0, 0.4 + rate), f"{grounds.hits} of {grounds.told} earlier answers held"
