"""What a portfolio loses when its positions go to their stops: its heat."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.orders import Order
from tio.api.portfolio import Holdings
from tio.api.tickets import Heat, OpenRisk
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.terms import Terms

_ZERO = Decimal(0)
_SHARE = Decimal("1e-6")


def open_risks(
    desk: PaperDesk, holdings: Holdings, terms_of: Callable[[str], Terms | None]
) -> Iterator[OpenRisk]:
    """What each position risks at prices of now; those without a price are left out."""
    portfolio = holdings.portfolio
    held = desk.held(portfolio)
    for position in holdings.positions:
        terms = terms_of(position.symbol)
        quantity = held.get(position.symbol, _ZERO)
        if quantity and terms and position.price is not None and position.rate is not None:
            orders = desk.open(portfolio, position.symbol)
            yield open_risk(quantity, position.price, orders, terms, position.rate)


def open_risk(
    held: Decimal, price: Decimal, orders: Iterable[Order], terms: Terms, rate: Decimal
) -> OpenRisk:
    """What a position risks from `price` to its stops, those nearest to it first.

    A stop that stands past the price risks nothing more.
    """
    guards = sorted(
        (
            order
            for order in orders
            if order.symbol == terms.symbol
            and order.state.live
            and order.type.triggers
            and order.stop is not None
            and order.sign * held < 0
        ),
        key=lambda order: abs(price - (order.stop or price)),
    )
    left, risk, worth = abs(held), _ZERO, terms.worth() * rate
    for order in guards:
        covered = min(left, order.rest)
        loss = (price - (order.stop or price)) * -order.sign
        risk += covered * max(_ZERO, loss) * worth
        left -= covered
    return OpenRisk(symbol=terms.symbol, risk=risk, unguarded=left * price * worth)


def heat(risks: Iterable[OpenRisk], equity: Decimal) -> Heat:
    """The portfolio's heat: its open risks added, as money and as a share of equity."""
    if equity <= 0:
        raise Invalid(f"equity must be above zero, was {equity}", "a share of it is asked for")
    risks = tuple(risks)
    total = sum((each.risk for each in risks), _ZERO)
    return Heat(
        risk=total,
        share=(total / equity).quantize(_SHARE),
        unguarded=tuple(each.symbol for each in risks if each.unguarded),
        unguarded_value=sum((each.unguarded for each in risks), _ZERO),
    )
