"""Whether the market or itself: a move held against those that moved with it in the year before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tio.api.errors import TioError
from tio.api.grounding import CitedFact
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.days import Floats, days_of
from tio.engine.analyst.rules.scope import Answers, Note, Part, line, number
from tio.engine.analyst.rules.spans import Span, Stretch, span_of
from tio.engine.analyst.rules.tables import signed
from tio.engine.risk.beta import Beta, beta
from tio.engine.risk.correlation import pearson
from tio.engine.risk.paired import Prices, together

if TYPE_CHECKING:
    from tio.engine.analyst.rules.moves import Move


@dataclass(frozen=True)
class Peer:
    """One that moved with it in the year before, and what it did on the days of the move."""

    span: Span
    correlation: float


@dataclass(frozen=True)
class Held:
    """A move beside its peers': logarithms; `own` is what they leave, in deviations `sigmas`."""

    peers: tuple[Peer, ...]
    mean: float
    slope: Beta
    foretold: float
    own: float
    sigmas: float


def write(scope: "Move", answers: Answers) -> Part:
    """The peers' mean move, what it foretells by beta, and how unusual the rest is."""
    span = scope.span(answers)
    held = held_against(span, scope, answers)
    if held is None:
        told = (
            f"None of {len(scope.candidates)} others on your watchlists moved with it in the year "
            "before: whether it was the market cannot be told."
            if scope.candidates
            else "No watchlist has others to hold it against: whether it was the market cannot "
            "be told."
        )
        return Part(lines=(line(told),), known=0)
    return _part(span, held)


def held_against(span: Span, scope: "Move", answers: Answers) -> Held | None:
    """None without a peer, or with fewer than 30 days in common with them."""
    found = peers_of(span, scope, answers)
    if not found:
        return None
    shared = together([_before(span), *(_before(each.span) for each in found)], th.YEAR)
    if not len(shared.returns):
        return None
    own, others = shared.returns[:, 0], shared.returns[:, 1:].mean(axis=1)
    slope = beta(own, others)
    if slope is None:
        return None
    left: Floats = own - slope.value * others
    mean = float(np.mean([each.span.log for each in found]))
    foretold = slope.value * mean
    deviation = float(np.std(left, ddof=1)) * np.sqrt(span.length)
    rest = span.log - foretold
    sigmas = rest / deviation if deviation > 0 else 0.0
    return Held(found, mean, slope, foretold, rest, float(sigmas))


def peers_of(span: Span, scope: "Move", answers: Answers) -> tuple[Peer, ...]:
    """Up to eight that moved with it most in the year before, and tell prices of its days."""
    found: list[Peer] = []
    asked = Stretch(span.first, None if span.live else span.last)
    for candidate in scope.candidates:
        try:
            days = days_of(candidate, answers)
            theirs = span_of(days, asked)
        except TioError:
            continue
        both = together((_before(span), _before(theirs)), th.YEAR)
        value = _correlation(both.returns)
        if value is not None and value >= th.PEER:
            found.append(Peer(theirs, value))
    found.sort(key=lambda each: -each.correlation)
    return tuple(found[: th.PEERS])


def _part(span: Span, held: Held) -> Part:
    days = span.days
    percent, foretold, own = (_percent(each) for each in (held.mean, held.foretold, held.own))
    same = sum(each.span.log * span.log > 0 for each in held.peers)
    names = ", ".join(each.span.days.scope.symbol for each in held.peers)
    lines = [
        line(
            f"Its peers moved {signed(percent, 2)} % on average, {same} of {len(held.peers)} "
            f"the same way: {names}.",
            days.cite("peers_mean", percent, "percent"),
            days.cite("peers_same_way", same, "count"),
            days.cite("peers", len(held.peers), "count"),
            *(_cited(each) for each in held.peers),
        ),
        line(
            f"With a beta of {number(held.slope.value)} to them, over {held.slope.returns} days "
            f"before, that foretells {signed(foretold, 2)} %.",
            days.cite("beta", held.slope.value, "ratio"),
            days.cite("days", held.slope.returns, "count"),
            days.cite("foretold", foretold, "percent"),
        ),
    ]
    figures = (
        days.cite("own", own, "percent"),
        days.cite("own_by_deviation", held.sigmas, "ratio"),
        days.cite("explained", held.slope.explained, "fraction"),
    )
    usual = f"{number(abs(held.sigmas), 1)} times what it usually does on its own"
    lines.append(line(f"{signed(own, 2)} % is its own, {usual}.", *figures))
    said, went = verdict(span, held)
    lines.append(line(said))
    note = Note(days.scope.symbol, f"its peers foretell {signed(foretold, 2)} % of it", 1.5)
    notes = (note,) if went else ()
    return Part(lines=tuple(lines), notes=notes, samples=(held.slope.returns,))


def verdict(span: Span, held: Held) -> tuple[str, bool]:
    """Whose move it was, and whether the peers explain it."""
    along = held.foretold * span.log > 0
    if along and abs(held.foretold) >= abs(held.own):
        if abs(held.sigmas) < th.OWN:
            return "So it went with the market.", True
        return "So it went with the market, though by itself it did more than usual.", True
    if abs(held.sigmas) >= th.OWN:
        return "So it is mostly its own.", False
    return "So it is its own, and nothing unusual for it.", False


def _cited(peer: Peer) -> CitedFact:
    return peer.span.days.cite("move", peer.span.percent, "percent")


def _percent(log: float) -> float:
    return 100.0 * (float(np.exp(log)) - 1)


def _before(span: Span) -> Prices:
    """Closes of the days before the move."""
    whole = span.days.prices()
    return Prices(whole.time[: span.begin], whole.close[: span.begin])


def _correlation(returns: Floats) -> float | None:
    found = float(pearson(returns)[0, 1])
    return found if np.isfinite(found) and len(returns) >= th.FEW_TRADES else None
