"""What all sections together come to: the view, its confidence, the marks, the headline."""

from collections.abc import Sequence
from datetime import datetime

from tio.api.analyst import View, ViewReason
from tio.api.grounding import Confidence, Level
from tio.api.market import Adjustment, AssetClass, Delay
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import Answers, Part, Scope, number

SPLITTING = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
"""What has splits: unadjusted, one looks like a fall."""

NAMES = {-2: "bearish", -1: "leaning bearish", 0: "neutral", 1: "leaning bullish", 2: "bullish"}
Measure = tuple[str, float]
"""What is to be said of a piece of the evidence, and what it is worth, 0 to 1."""
WHOLE = sum(th.WEIGHTS.values()) * (1 + th.MOMENTUM_SHARE)


def view_of(parts: Sequence[Part]) -> View:
    """The reasons' sum by the most they could weigh, if every timeframe were known and firm."""
    reasons = [reason for part in parts for reason in part.reasons]
    score = sum(reason.weight for reason in reasons) / WHOLE
    size = (abs(score) >= th.LEAN) + (abs(score) >= th.STRONG)
    return View(
        bias=size if score > 0 else -size,
        score=round(score, 4),
        bull=_sorted([reason for reason in reasons if reason.weight > 0]),
        bear=_sorted([reason for reason in reasons if reason.weight < 0]),
        changes=tuple(change for part in parts for change in part.changes),
    )


def confidence_of(
    parts: Sequence[Part], view: View, age: float | None, missing: int, *more: Measure
) -> Confidence:
    """The least of coverage, agreement, freshness and `more`; the reason names the weakest.

    `age`: hours since the newest closed day ended, None without one. `missing`: unwritten sections.
    """
    weights = [reason.weight for reason in (*view.bull, *view.bear)]
    total = sum(abs(weight) for weight in weights)
    agreement = abs(sum(weights)) / total if total else 0.0
    agreed = (f"the reasons agree to {number(100 * agreement, 0)} %", 0.3 + 0.7 * agreement)
    return weakest(covered(parts, missing), agreed, aged(age), *more)


def weakest(*measures: Measure) -> Confidence:
    """The least of them, the first of equals, and its reason."""
    reason, score = min(measures, key=lambda measure: measure[1])
    level = Level.high if score >= th.HIGH else Level.medium if score >= th.MEDIUM else Level.low
    return Confidence(level=level, score=round(score, 4), reason=f"the weakest part: {reason}")


def covered(parts: Sequence[Part], missing: int) -> Measure:
    """How much of what the sections wanted was there; `missing` could not be written."""
    wanted = sum(part.wanted for part in parts) + missing
    known = sum(part.known for part in parts)
    return f"{known} of {wanted} pieces of evidence are there", known / wanted if wanted else 0.0


def aged(age: float | None) -> Measure:
    """How fresh the newest closed day is; hours since it ended, None without one."""
    if age is None:
        return "no closed daily bar", 0.0
    told = f"the newest closed day ended {number(age, 0)} hours ago"
    return told, min(1.0, th.FRESH_HOURS / max(age, th.FRESH_HOURS))


def heard(scopes: Sequence[Scope]) -> Measure:
    """How many quotes are fresh and without a flag; a past moment has none to doubt."""
    live = [each for each in scopes if each.at is None]
    quotes = [each.quote for each in live if each.quote is not None]
    sound = sum(not each.stale and not each.flags for each in quotes)
    share = sound / len(live) if live else 1.0
    if len(live) == 1:
        told = "there is no quote" if not quotes else "its quote is stale or flagged"
        return (told, th.UNHEARD) if not sound else ("its quote is fresh", 1.0)
    return f"{sound} of {len(live)} quotes are fresh and unflagged", (
        th.UNHEARD + (1 - th.UNHEARD) * share
    )


def sampled(count: int, enough: int, what: str) -> Measure:
    """How many of `what` a figure stands on; worth all of it from `enough`."""
    return f"{count} {what}", min(1.0, count / enough)


def marks_of(scope: Scope, answers: Answers) -> tuple[str, ...]:
    """What must stand where the report stands: simulated, delayed, stale, unadjusted, past."""
    days = answers.told(scope.days())
    raw = days is not None and len(days) > 0 and days.adjusted is Adjustment.raw
    if scope.at is not None:
        return past_marks(scope.at, raw=raw)
    quote = scope.quote
    if quote is None:
        return ("NO QUOTE: the price is the last close",)
    marks = []
    if quote.delay is Delay.simulated:
        marks.append("SIM")
    elif quote.delay is not Delay.realtime:
        marks.append(f"D{quote.delay_minutes}" if quote.delay_minutes else quote.delay.value)
    if quote.stale:
        marks.append("STALE" if quote.age is None else f"STALE {quote.age:.0f}s")
    if raw and quote.asset_class in SPLITTING:
        marks.append("RAW: a split or dividend looks like a fall")
    return tuple(marks)


def past_marks(at: datetime, *, raw: bool = False) -> tuple[str, ...]:
    """The moment, and for which splits prices were adjusted."""
    basis = "prices are not adjusted" if raw else "prices are adjusted for splits known today"
    return (f"AS OF {at:%Y-%m-%d %H:%M} UTC; {basis}",)


def marks_of_all(scopes: Sequence[Scope], answers: Answers) -> tuple[str, ...]:
    """Marks of several symbols: one that not all share says of which it is."""
    found: dict[str, list[str]] = {}
    for scope in scopes:
        for mark in marks_of(scope, answers):
            kind = "STALE" if mark.startswith("STALE") else mark
            found.setdefault(kind, []).append(scope.symbol)
    return tuple(
        mark if len(of) == len(scopes) else f"{mark}: {', '.join(of)}" for mark, of in found.items()
    )


def headline_of(symbol: str, view: View, confidence: Confidence) -> str:
    """One sentence: which way, how sure, and the weightiest reason on each side."""
    sides = [side[0].text for side in (view.bull, view.bear) if side]
    why = (
        f": {', against it '.join(sides)}"
        if view.bias >= 0
        else f": {', against it '.join(sides[::-1])}"
    )
    return f"{symbol} is {NAMES[view.bias]}, confidence {confidence.level}{why if sides else ''}."


def age_in_hours(now: datetime, ended: datetime | None) -> float | None:
    return None if ended is None else max(0.0, (now - ended).total_seconds() / 3_600)


def _sorted(reasons: list[ViewReason]) -> tuple[ViewReason, ...]:
    return tuple(sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.text)))
