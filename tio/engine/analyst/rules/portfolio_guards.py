"""What a portfolio lacks: fresh prices, stops, entries of splits and dividends."""

from decimal import Decimal
from typing import Any

from tio.api.contract import Request
from tio.api.proposals import ListProposals
from tio.api.trading import ListOrders
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.money import money
from tio.engine.analyst.rules.owned import Owned
from tio.engine.analyst.rules.scope import Answers, Part, cite, line


def order_asks(scope: Owned) -> tuple[Request[Any], ...]:
    return (scope.positions(), ListOrders(scope.name, open=True))


def proposal_asks(scope: Owned) -> tuple[Request[Any], ...]:
    return (ListProposals(scope.name),)


def prices(scope: Owned, answers: Answers) -> Part:
    """Positions whose price is stale or missing."""
    request = scope.positions()
    held = answers.of(request)
    lines = []
    for each in held.positions:
        if each.price is None:
            lines.append(line(f"{each.symbol} has no price."))
        elif each.stale:
            when = "" if each.as_of is None else f", of {each.as_of:%Y-%m-%d %H:%M} UTC"
            path = f"{each.symbol}.price"
            cited = cite(request, path, each.price, each.currency, each.source, each.as_of)
            lines.append(line(f"{each.symbol} stands on a stale price{when}.", cited))
    fresh = len(held.positions) - len(lines)
    none = "Every price is fresh." if held.positions else "There is nothing to price."
    return Part(lines=tuple(lines) or (line(none),), known=fresh, wanted=len(held.positions))


def stops(scope: Owned, answers: Answers) -> Part:
    """Positions that no stop order guards in whole, the largest first."""
    request, orders = scope.positions(), ListOrders(scope.name, open=True)
    held = answers.of(request)
    guarded: dict[str, Decimal] = {}
    for listed in answers.of(orders):
        order = listed.order
        if order.type.triggers and order.state.live:
            rest = guarded.get(order.symbol, Decimal(0))
            guarded[order.symbol] = rest - order.sign * order.rest
    open_ = [
        (each, left)
        for each in held.positions
        if (left := unguarded(each.quantity, guarded.get(each.symbol, Decimal(0)))) > 0
    ]
    open_.sort(key=lambda pair: -abs(pair[0].value or Decimal(0)))
    lines = []
    for each, left in open_[: th.ROWS]:
        whole = left == abs(each.quantity)
        value = "" if each.value is None else f", worth {money(each.value)} {held.currency}"
        said = "no stop" if whole else f"no stop for {money(left)} of {money(abs(each.quantity))}"
        figures = [
            cite(request, f"{each.symbol}.quantity", abs(each.quantity), "units", each.source),
            cite(request, f"{each.symbol}.unguarded", left, "units", each.source),
        ]
        if each.value is not None:
            path = f"{each.symbol}.value"
            figures.append(cite(request, path, each.value, held.currency, each.source, each.as_of))
        lines.append(line(f"{each.symbol}: {said}{value}.", *figures))
    none = "Every position has a stop." if held.positions else "There is nothing to guard."
    return Part(lines=tuple(lines) or (line(none),))


def unguarded(quantity: Decimal, stopped: Decimal) -> Decimal:
    """How much of a position no stop would close; `stopped` is above zero for sales."""
    covering = stopped if quantity > 0 else -stopped
    return max(abs(quantity) - max(covering, Decimal(0)), Decimal(0))


def lacking(scope: Owned, answers: Answers) -> Part:
    """Splits and dividends the ledger does not have yet."""
    (request,) = proposal_asks(scope)
    found = answers.of(request).proposals
    if not found:
        return Part(lines=(line("Nothing is proposed that the ledger lacks."),))
    cited = cite(request, "proposals", len(found), "count")
    said = "entry is" if len(found) == 1 else "entries are"
    first = f"first {found[0].symbol} {found[0].ex_date}"
    return Part(lines=(line(f"{len(found)} {said} proposed to be confirmed, {first}.", cited),))
