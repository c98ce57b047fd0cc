"""What belongs to the person, as tools told it, in plain sentences."""

from collections.abc import Sequence

from tio.api.ideas import IdeaState, ListedIdea
from tio.api.income import Income
from tio.api.market import Quote
from tio.api.performance import Performance
from tio.api.portfolio import Holdings, Position
from tio.api.trading import ListedOrder
from tio.engine.analyst.rules.scope import number, priced
from tio.engine.analyst.rules.telling import LISTED, Told, each_of
from tio.engine.analyst.rules.when import Span

_OVER = (IdeaState.ended, IdeaState.invalidated, IdeaState.given_up, IdeaState.scored)


def position_of(symbols: Sequence[str]) -> Told:
    """What is held of symbols, or all of it in short."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Holdings):
            return ["The positions are not known."]
        held = [each for each in told.positions if not symbols or each.symbol in symbols]
        if not held:
            what = " or ".join(symbols)
            return [f"{told.portfolio} holds no {what}." if what else f"{told.portfolio} is empty."]
        said = [_position(each, told.portfolio) for each in held[:LISTED]]
        more = len(held) - LISTED
        return [*said, f"{more} more positions are on PORT."] if more > 0 else said

    return tell


def orders_of(symbols: Sequence[str]) -> Told:
    """What works in the market."""

    def tell(told: object) -> list[str]:
        listed = each_of(told, ListedOrder)
        found = [each for each in listed if not symbols or each.order.symbol in symbols]
        if not found:
            what = " or ".join(symbols)
            return [f"No paper order of {what} is open, so no stop guards it." if what
                    else "No paper order is open."]  # fmt: skip
        return [_order(each) for each in found[:LISTED]]

    return tell


def ideas_of(symbols: Sequence[str]) -> Told:
    """The newest idea cards."""

    def tell(told: object) -> list[str]:
        found = [each for each in each_of(told, ListedIdea) if _about(each, symbols)]
        if not found:
            what = f" of {' or '.join(symbols)}" if symbols else ""
            return [f"There is no idea card{what} yet: a on IDEA writes one."]
        return [
            f"{each.idea.id} {each.idea.symbol}, {each.state.value}: {each.idea.plan.side.value} "
            f"at {each.idea.plan.entry}, stop {each.idea.plan.stop}."
            for each in found[:LISTED]
        ]

    return tell


def the_idea(told: object, symbols: Sequence[str]) -> str:
    """The id of the only card that is not over, of these symbols where any are named; else ""."""
    found = [
        each.idea.id
        for each in each_of(told, ListedIdea)
        if _about(each, symbols) and each.state not in _OVER
    ]
    return found[0] if len(found) == 1 else ""


def worth(told: object) -> list[str]:
    """What a portfolio is worth."""
    if not isinstance(told, Holdings):
        return ["The portfolio is not known."]
    if told.nav is None:
        lacks = ", ".join(told.lacks[:LISTED])
        return [f"What {told.portfolio} is worth is not known: {lacks}."]
    return [f"{told.portfolio} is worth {number(float(told.nav))} {told.currency}."]


def rate(base: str, wanted: str, upside: bool) -> Told:
    """A rate to reckon with; `upside`: the quote tells the wanted currency in the base."""

    def tell(told: object) -> list[str]:
        found = each_of(told, Quote)
        if not found or not found[0].last:
            return []
        how = "divide" if upside else "multiply"
        kept = f"It is kept in {base}"
        return [f"{kept}: {how} by {found[0].symbol}, at {priced(found[0].last)}, for {wanted}."]

    return tell


def returned(span: Span) -> Told:
    """What a portfolio returned over a span."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Performance) or told.time_weighted is None:
            return [f"There are too few valued days {span.words} to tell a return."]
        way = "gained" if told.time_weighted > 0 else "lost"
        return [
            (
                f"{told.portfolio} {way} {number(100 * abs(told.time_weighted))} % {span.words}, "
                f"from {told.start:%d %b %Y} to {told.end:%d %b %Y}, money put in or taken out "
                "left aside."
            )
        ]

    return tell


def _about(one: ListedIdea, symbols: Sequence[str]) -> bool:
    return not symbols or one.idea.symbol in symbols


def income(told: object) -> list[str]:
    """What came in."""
    if not isinstance(told, Income):
        return ["The income is not known."]
    net, gross = number(float(told.trailing.net)), number(float(told.trailing.gross))
    words = f"{told.portfolio} received {net} {told.currency} net over the past year, {gross} gross"
    said = [f"{words}."]
    said += ["What is to come is on PORT."] if told.ahead else []
    return said


def _position(one: Position, portfolio: str) -> str:
    cost = f" at {priced(float(one.average_cost))} {one.currency}"
    words = f"{one.symbol}: {portfolio} holds {one.quantity:f}{cost}"
    if one.price is not None:
        words += f", now {priced(float(one.price))}"
    if one.unrealised is not None:
        words += f", open gain {number(float(one.unrealised))}"
    if one.weight is not None:
        words += f", a weight of {number(100 * float(one.weight), 1)} %"
    return f"{words}."


def _order(listed: ListedOrder) -> str:
    one = listed.order
    told = (("limit", one.limit), ("stop", one.stop))
    prices = [f"{name} {value}" for name, value in told if value is not None]
    at = f" {', '.join(prices)}" if prices else ""
    return f"{one.id}: {one.side.value} {one.quantity:f} {one.symbol}, {one.type.value}{at}."
