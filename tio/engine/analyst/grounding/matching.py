"""A number of a sentence to the fact it repeats: same kind, same symbol, within its rounding."""

import re

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.directions import DISTANT, MOVING
from tio.engine.analyst.grounding.evidence import shown
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Bound, Figure, Form
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.verdicts import Match
from tio.engine.analyst.grounding.words import MOVED

DOLLARS = frozenset("USD CAD AUD NZD HKD SGD USDT USDC".split())
_PRICED = (Kind.price, Kind.money, Kind.number)
_NEWEST = frozenset({"last", "close", "price"})
"""What a quote calls the last price is a close once the session is over."""
_MANY = frozenset(
    "open high low bid ask previous_close day_high day_low year_high year_low target_price "
    "average_cost".split()
)
"""Prices that lie close together."""
_YEAR = re.compile(r"\b(?:52|fifty-two)[ -]?weeks?\b|\byear|\b(?:12|twelve)[ -]months?\b")
_AT = re.compile(r"\bat\s[$€£¥]?$")
_FROM = re.compile(r"\bfrom\s[$€£¥]?$")
COUNTED = {"shares", "share", "units", "contracts", "coins", "employees", "people", "days", "bars",
            "positions", "lots", "trades", "entries"}  # fmt: skip


def direct(context: Context, figure: Figure) -> Match | None:
    """The told value a figure repeats; None when there is none, or the words name another field."""
    span = reach(figure)
    percent = figure.form is Form.percent
    pool = context.evidence.pool(context.symbols(figure))
    near = pool.near(float(span.low) * (1 - 1e-12), float(span.high) * (1 + 1e-12), percent)
    fits = [
        fact
        for fact in near
        if span.holds(shown(fact, percent))
        and suits(context, figure, fact)
        and context.allows(figure, fact)
    ]
    chosen = choose(context, figure, fits)
    return None if chosen is None else Match((chosen,), exact=shown(chosen, percent))


def suits(context: Context, figure: Figure, fact: Fact) -> bool:
    """Whether kind, unit and sign of a fact are those of the figure."""
    if not _kind_suits(figure, fact) or not unit_suits(figure, fact.unit):
        return False
    still = fact.kind is Kind.percent and not fact.signed and not fact.text
    if still and figure.form is Form.percent and _moves(context, figure, fact):
        return False
    return _sign_suits(context, figure, fact)


def unit_suits(figure: Figure, unit: str) -> bool:
    """Whether a figure's currency may be the fact's; a fact without one takes any."""
    if figure.form is not Form.money or not unit:
        return True
    if figure.unit == "$":
        return unit in DOLLARS
    return figure.unit == unit


def choose(context: Context, figure: Figure, fits: list[Fact]) -> Fact | None:
    """The fact whose field the words name; another's only when they name none close by."""
    if not fits:
        return None
    following = context.following(figure)
    for fact in fits:
        if fact.field in following:
            return fact
    claims = context.claims(figure)
    if _FROM.search(context.lower[: figure.start]) and context.moved(figure):
        # What it rose or fell from.
        fits.sort(key=lambda fact: fact.field != "previous_close")
        if fits[0].field == "previous_close":
            return fits[0]
    for names, close in context.groups(figure):
        wanted = names | _NEWEST if names & _NEWEST else names
        if context.told.earlier and wanted & {"close"}:
            wanted = wanted | {"previous_close"}
        if _YEAR.search(context.lower):
            wanted = wanted | {f"year_{name}" for name in names & {"low", "high"}}
        for fact in fits:
            if fact.field in wanted:
                return fact
        if close and any(context.tells(figure, name) for name in wanted):
            if names & claims:
                return None
            known = next((fact for fact in fits if fact.field in context.fields_named), None)
            few = figure.digits < (2 if figure.form is Form.percent else 3)
            if few or known or figure.digits < 3 or _mistaken(context, figure, wanted):
                return None if few else known
    fits = [fact for fact in fits if fact.signed or not _crowded(context, figure, fact)]
    fits = [fact for fact in fits if not _one_of_many(figure, fact)]
    return fits[0] if fits and not _thin(context, figure, fits) else None


def _mistaken(context: Context, figure: Figure, names: frozenset[str]) -> bool:
    """Whether a figure looks like a wrong spelling of a field it is near to: within 3 % of it."""
    low, high = float(figure.value) * 0.97, float(figure.value) * 1.03
    pool = context.evidence.pool(context.symbols(figure))
    near = pool.near(low, high, figure.form is Form.percent)
    return any(fact.field in names for fact in near)


def _one_of_many(figure: Figure, fact: Fact) -> bool:
    """Whether a price, which has many like it, is told too roughly to be meant without a name."""
    rough = figure.bound is Bound.about or figure.digits < 4
    return rough and bool(fact.symbol) and fact.field in _MANY


def _crowded(context: Context, figure: Figure, fact: Fact) -> bool:
    """Whether so many percentages lie around an unnamed one that any would meet some."""
    if fact.kind is not Kind.percent:
        return False
    reach_of = float(figure.quantum) * 10
    value = float(figure.value)
    pool = context.evidence.pool(context.symbols(figure))
    near = pool.near(value - reach_of, value + reach_of, True)
    if fact.symbol:
        own = [one for one in near if one.symbol]
        return MOVED.search(context.lower[: figure.start]) is not None or len(own) > 1
    return len({one.number for one in near if context.allows(figure, one)}) > 2


def signed_value(context: Context, figure: Figure) -> int:
    """The sign a figure claims: as written, else as the words around it go."""
    return figure.sign or context.direction(figure)


def _moves(context: Context, figure: Figure, fact: Fact) -> bool:
    """Whether the words around a percentage tell a move or a distance, which this fact is not."""
    text = context.sentence.text
    if fact.field in ("depth", "drawdown", "growth") or fact.field in context.fields_named:
        return False
    near = MOVING.search(text[: figure.start]) is not None
    return near or DISTANT.match(text[figure.end :]) is not None


def _kind_suits(figure: Figure, fact: Fact) -> bool:
    if fact.kind is Kind.tally and figure.quantum < 1:
        return False
    match figure.form:
        case Form.money:
            return fact.kind in _PRICED
        case Form.multiple:
            return fact.kind in (Kind.ratio, Kind.number)
        case Form.plain if figure.noun in COUNTED:
            return fact.kind in (Kind.tally, Kind.quantity, Kind.number)
        case _:
            return True


def _sign_suits(context: Context, figure: Figure, fact: Fact) -> bool:
    value = fact.number
    if fact.signed and value:
        claimed = signed_value(context, figure)
        if claimed:
            return (value > 0) == (claimed > 0)
        return value > 0 or figure.form is not Form.percent or "change" not in fact.field
    if figure.sign > 0 and figure.form is Form.percent:
        return False
    if figure.sign < 0:
        return value < 0 or fact.field in ("depth", "drawdown", "value_at_risk", "shortfall")
    return True


def _thin(context: Context, figure: Figure, fits: list[Fact]) -> bool:
    """Whether so few digits, with no word for what they are, would match nearly anything."""
    if (
        figure.form is Form.money
        or figure.digits >= 3
        or figure.sign
        or figure.bound is Bound.about
    ):
        return False
    newest = figure.quantum == 1 and any(fact.field in _NEWEST for fact in fits)
    if newest and figure.value >= 100 and _AT.search(context.sentence.text[: figure.start]):
        return False
    few = figure.digits < 3 and figure.quantum < 1000 and figure.form is not Form.percent
    return few or figure.digits < 2 or all(fact.text for fact in fits)
