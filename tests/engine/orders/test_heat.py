"""What a portfolio loses at its stops."""

from datetime import UTC, datetime
from decimal import Decimal

from order_scene import NOON, TERMS, FakeHours, order

from tio.api.portfolio import Holdings, Position
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.heat import heat, open_risks

from fakes import FakeClock

D = Decimal


def position(symbol: str, quantity: str, price: str | None, rate: str = "1") -> Position:
    return Position(
        symbol=symbol,
        quantity=D(quantity),
        currency="USD",
        cost=D(0),
        average_cost=D(0),
        base_cost=D(0),
        price=None if price is None else D(price),
        rate=D(rate),
    )


def desk(*stops: tuple[str, str, str]) -> PaperDesk:
    """A desk with sell stops: symbol, quantity, price."""
    orders = [
        order(f"s{n}", "sell", quantity, "stop", stop=stop, symbol=symbol, reduce_only=True)
        for n, (symbol, quantity, stop) in enumerate(stops)
    ]
    made = PaperDesk(
        "owner", FakeClock(NOON), TERMS.get, FakeHours(), orders, len(orders), lambda: None
    )
    made.hold("main", {"ACME": D(10), "ES=F": D(100)})
    return made


def holdings(*positions: Position) -> Holdings:
    return Holdings(
        portfolio="main",
        currency="USD",
        at=datetime(2026, 11, 20, tzinfo=UTC),
        positions=positions,
    )


def test_a_position_risks_what_lies_between_its_price_and_its_stops() -> None:
    found = holdings(position("ACME", "10", "50", "0.5"))
    (risk,) = open_risks(desk(("ACME", "6", "45")), found, TERMS.get)
    assert (risk.risk, risk.unguarded) == (D(15), D(100))


def test_a_future_is_guarded_by_the_contract() -> None:
    # A hundred points of 50 a contract are two contracts.
    found = holdings(position("ES=F", "100", "5000"))
    (risk,) = open_risks(desk(("ES=F", "2", "4990")), found, TERMS.get)
    assert (risk.risk, risk.unguarded) == (D(1000), D(0))


def test_what_has_no_price_is_left_out() -> None:
    assert not list(open_risks(desk(), holdings(position("ACME", "10", None)), TERMS.get))


def test_heat_adds_them_and_names_what_has_no_stop() -> None:
    found = holdings(position("ACME", "10", "50"), position("ES=F", "100", "5000"))
    risks = open_risks(desk(("ACME", "10", "45")), found, TERMS.get)
    told = heat(risks, D(1000))
    assert (told.risk, told.share, told.unguarded) == (D(50), D("0.05"), ("ES=F",))
