"""What is yours: the position, its share, open orders, and your past trades in the symbol."""

from decimal import Decimal
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.grounding import CitedFact
from tio.api.ideas import IdeaState, ListIdeas
from tio.api.journal import ListTrades
from tio.api.ledger import GetPositions
from tio.api.orders import Order
from tio.api.trading import ListOrders
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import Answers, Part, Scope, cite, line, number

TRADES = 500
OPEN = (IdeaState.planned, IdeaState.entered, IdeaState.taken)


def position_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return tuple(GetPositions(each.name) for each in scope.portfolios)


def order_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return tuple(ListOrders(each.name, scope.symbol, open=True) for each in scope.portfolios)


def trade_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return tuple(
        ListTrades(each.name, scope.symbol, open=False, excursions=False, limit=TRADES)
        for each in scope.portfolios
    )


def idea_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (ListIdeas(),)


def position(scope: Scope, answers: Answers) -> Part:
    """What each portfolio holds of it, its gain and weight."""
    scope.demand_portfolios()
    lines: list[ReportLine] = []
    for request in position_asks(scope):
        holdings = answers.of(request)
        for held in holdings.positions:
            if held.symbol != scope.symbol:
                continue
            cost = f"{plain(held.average_cost)} {held.currency}"
            text = f"{holdings.portfolio} holds {plain(held.quantity)} at {cost}"
            cited: list[CitedFact] = [
                cite(request, "quantity", held.quantity, "units", held.source, held.as_of),
                cite(request, "average_cost", held.average_cost, held.currency, held.source),
            ]
            if held.unrealised is not None:
                text += f", open gain {plain(held.unrealised)} {holdings.currency}"
                cited.append(cite(request, "unrealised", held.unrealised, holdings.currency))
            if held.weight is not None:
                text += f", {number(float(held.weight) * 100, 1)} % of the portfolio"
                cited.append(cite(request, "weight", held.weight, "fraction"))
            lines.append(line(f"{text}{' (stale price)' if held.stale else ''}.", *cited))
    return Part(lines=tuple(lines) or (line("You hold none."),))


def orders(scope: Scope, answers: Answers) -> Part:
    """Each paper order that may still fill."""
    scope.demand_portfolios()
    lines: list[ReportLine] = []
    for request in order_asks(scope):
        for listed in answers.of(request):
            order = listed.order
            at = order.limit if order.limit is not None else order.stop
            price = f" at {plain(at)}" if at is not None else ""
            told = (
                f"{order.portfolio}: {order.side} {plain(order.rest)} {order.type}{price} is open."
            )
            lines.append(line(told, *order_figures(request, order)))
    return Part(lines=tuple(lines) or (line("No paper order of it is open."),))


def order_figures(request: Request[Any], order: Order) -> tuple[CitedFact, ...]:
    """What is left of an order, and its price where it names one."""
    rest = cite(request, f"{order.id}.rest", order.rest, "units", order.broker)
    at = order.limit if order.limit is not None else order.stop
    if at is None:
        return (rest,)
    return rest, cite(request, f"{order.id}.price", at, "price", order.broker)


def trades(scope: Scope, answers: Answers) -> Part:
    """What closed trades in it brought, and whether they are enough to prove anything."""
    scope.demand_portfolios()
    lines: list[ReportLine] = []
    for request in trade_asks(scope):
        closed = [each for each in answers.of(request) if not each.marked]
        if not closed:
            continue
        gain = sum((each.gain for each in closed), Decimal(0))
        wins = sum(each.gain > 0 for each in closed)
        base, name = closed[0].base, closed[0].portfolio
        mean = gain / len(closed)
        few = f"; fewer than {th.FEW_TRADES} prove nothing" if len(closed) < th.FEW_TRADES else ""
        text = (
            f"{name}: {len(closed)} closed trades, {wins} won, {plain(gain)} {base} in all, "
            f"{plain(mean)} {base} a trade{few}."
        )
        figures = (
            cite(request, "trades", len(closed), "count"),
            cite(request, "wins", wins, "count"),
            cite(request, "gain", gain, base),
            cite(request, "expectancy", mean, base),
        )
        lines.append(line(text, *figures))
    return Part(lines=tuple(lines) or (line("You have closed no trade in it."),))


def ideas(scope: Scope, answers: Answers) -> Part:
    """The idea cards on it that are neither ended nor given up."""
    (request,) = idea_asks(scope)
    lines = []
    for listed in answers.of(request):
        card = listed.idea
        if card.symbol != scope.symbol or listed.state not in OPEN:
            continue
        plan = card.plans[-1]
        text = (
            f"Card {card.id} ({listed.state}): {plan.side} at {plain(plan.entry)}, "
            f"stop {plain(plan.stop)}."
        )
        figures = (
            cite(request, f"{card.id}.entry", plan.entry, "price", card.author, plan.at),
            cite(request, f"{card.id}.stop", plan.stop, "price", card.author, plan.at),
        )
        lines.append(line(text, *figures))
    return Part(lines=tuple(lines) or (line("No idea card on it is open."),))


def plain(value: Decimal) -> str:
    """At most two decimals of money above one, else as it was told."""
    if value != value.to_integral_value() and abs(value) >= 1:
        value = value.quantize(Decimal("0.01"))
    text = f"{value.normalize():,f}" if value else "0"
    return text.replace(",", "\u2009").replace("-", "\u2212")
