"""A bracket, a fill and a ticket of the tests."""

from datetime import UTC, datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.market import Delay, Side
from tio.api.orders import Fill, Order, OrderState, OrderType, TimeInForce
from tio.api.risk import SizedPosition
from tio.api.tickets import Heat, Target, Ticket
from tio.api.trading import OrderTicket

D = Decimal
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ORDER = Order(
    id="p1",
    portfolio="main",
    symbol="AAPL",
    side=Side.buy,
    quantity=D(10),
    type=OrderType.limit,
    limit=D("187.20"),
    placed_at=AT,
)
STOP = replace(
    ORDER,
    id="p1.stop",
    side=Side.sell,
    type=OrderType.stop,
    limit=None,
    stop=D(180),
    parent="p1",
    oco="p1.exit",
    state=OrderState.waiting,
    time_in_force=TimeInForce.gtc,
)
FILL = Fill(
    id="p1.1",
    order="p1",
    symbol="AAPL",
    side=Side.buy,
    quantity=D(10),
    price=D("187.20"),
    fee=D(1),
    currency="USD",
    at=AT,
    source="yahoo",
    delay=Delay.delayed,
    marked=True,
)
TICKET = OrderTicket(
    portfolio="main",
    symbol="AAPL",
    currency="USD",
    price_currency="USD",
    rate=D(1),
    equity=D(100_000),
    buying_power=D(50_000),
    heat=Heat(risk=D(400), share=D("0.004"), unguarded=("MSFT",)),
    ticket=Ticket(
        side=Side.buy,
        entry=D("187.20"),
        stop=D(181),
        distance=D("6.20"),
        size=SizedPosition(
            quantity=D(161),
            unrounded=D("161.29"),
            limited_by="risk",
            value=D("30139.2"),
            share=D("0.301392"),
            unit_risk=D("6.2"),
            risk=D("998.2"),
            risk_share=D("0.009982"),
            gap_risk=D("1545.6"),
        ),
        targets=(Target(D(2), D("199.60"), D("1996.4")),),
        heat=D("1398.2"),
        heat_share=D("0.013982"),
    ),
    atr=D("3.4"),
)
