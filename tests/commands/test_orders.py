"""`tio orders`: what the words ask for, how it prints, and mistakes."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from paper_orders import AT, FILL, ORDER, STOP, TICKET
from shell_scene import Tio, shell

from tio.api.contract import Request
from tio.api.ledger import ListPortfolios
from tio.api.market import Side
from tio.api.orders import (
    BracketLegs,
    OrderState,
    OrderType,
    TimeInForce,
    Trail,
)
from tio.api.portfolio import Portfolio
from tio.api.system import GetHealth, Health
from tio.api.trading import (
    CancelOrder,
    CancelOrders,
    FlattenPosition,
    GetTicket,
    ListedOrder,
    ListFills,
    ListOrders,
    OrderPreview,
    OtherOrder,
    PlaceOrder,
    PreviewOrder,
    ReplaceOrder,
    ReversePosition,
    StopToBreakEven,
)

from fakes import FakeEngine

D = Decimal


@pytest.fixture
def engine() -> FakeEngine:
    placed = (ORDER, STOP)
    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            # A replay's time: what an order's age is told by.
            GetHealth: Health(
                version="1",
                workspace="replay",
                pid=1,
                uptime=1.0,
                now=AT + timedelta(minutes=5),
            ),
            ListOrders: (
                ListedOrder(order=ORDER, why="no trade of AAPL went below", distance=-1.256),
                ListedOrder(order=STOP, why="it waits for p1 to fill"),
            ),
            ListFills: (FILL,),
            PlaceOrder: placed,
            PreviewOrder: OrderPreview(
                orders=placed,
                refused="it costs 1,872.00 USD, the buying power is 5.00",
                next="take less",
                currency="USD",
                value=D(1872),
                risk=D(72),
                buying_power=D(5),
            ),
            CancelOrder: replace(ORDER, state=OrderState.cancelled, reason="cancelled by hand"),
            ReplaceOrder: replace(ORDER, limit=D(188)),
            CancelOrders: (),
            FlattenPosition: (STOP,),
            ReversePosition: (STOP,),
            StopToBreakEven: (STOP,),
            GetTicket: TICKET,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("orders", *words)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ((), {}),
        (("--limit", "187.20"), {"type": OrderType.limit, "limit": D("187.20")}),
        (("--stop", "190"), {"type": OrderType.stop, "stop": D(190)}),
        (
            ("--stop", "190", "--limit", "191"),
            {"type": OrderType.stop_limit, "stop": D(190), "limit": D(191)},
        ),
        (
            ("--trail", "2%", "--tif", "gtc"),
            {
                "type": OrderType.trailing,
                "trail": Trail(percent=D(2)),
                "time_in_force": TimeInForce.gtc,
            },
        ),
        (
            ("--target", "200", "--stop-loss", "180", "--extended"),
            {"bracket": BracketLegs(target=D(200), stop=D(180)), "extended_hours": True},
        ),
        (
            ("--limit", "200", "--oco-stop", "180", "--short", "--reduce"),
            {
                "type": OrderType.limit,
                "limit": D(200),
                "oco": OtherOrder(type=OrderType.stop, stop=D(180)),
                "short": True,
                "reduce_only": True,
            },
        ),
    ],
)
def test_its_prices_say_what_an_order_is(
    tio: Tio, engine: FakeEngine, options: tuple[str, ...], fields: dict[str, Any]
) -> None:
    said = tio("place", "buy", "AAPL", "10", *options)
    assert said.code == 0
    assert engine.asked[-1] == PlaceOrder("main", "AAPL", Side.buy, D(10), **fields)


def test_what_was_placed_is_told_as_paper(tio: Tio) -> None:
    said = tio("place", "buy", "AAPL", "10", "--limit", "187.20", "--stop-loss", "180")
    assert said.out.splitlines() == [
        "PAPER p1 buy 10 AAPL limit 187.20 day · working",
        "PAPER p1.stop sell 10 AAPL stop 180.00 gtc · waiting · exit of p1",
    ]
    assert "tio daemon start" in said.err


def test_a_preview_says_what_would_be_refused(tio: Tio, engine: FakeEngine) -> None:
    said = tio("place", "buy", "AAPL", "10", "--limit", "187.20", "--preview")
    assert isinstance(engine.asked[-1], PreviewOrder)
    assert "lost at the stop" in said.out
    assert "1,872.00 USD" in said.out
    assert "it would be refused: it costs 1,872.00 USD" in said.err


def test_working_orders_are_listed_with_how_far_and_why(tio: Tio, engine: FakeEngine) -> None:
    said = tio()
    assert engine.asked[-1] == ListOrders("main", "", True, 200)
    title, header, first, second = said.out.splitlines()
    assert title == "PAPER"
    assert header.split()[:4] == ["ORDER", "SYMBOL", "SIDE", "QTY"]
    assert "−1.26%" in first
    assert " 5m " in first
    assert "it waits for p1 to fill" in second
    tio("--all", "--symbol", "AAPL")
    assert engine.asked[-1] == ListOrders("main", "AAPL", False, 200)


def test_what_is_told_before_a_command_is_refused_and_not_lost(
    tio: Tio, engine: FakeEngine
) -> None:
    said = tio("-p", "other", "cancel", "p1")
    assert said.code == 2
    assert "-p other stands before cancel\nsay it after cancel" in said.err
    assert not engine.asked


def test_orders_and_fills_as_csv_and_json(tio: Tio) -> None:
    first, _ = csv.DictReader(io.StringIO(tio("--csv").out))
    assert (first["id"], first["limit"], first["placed_at"]) == (
        "p1",
        "187.20",
        "2026-11-20T15:00:00.000000Z",
    )
    assert json.loads(tio("--json").out)[1]["order"]["stop"] == "180"
    (fill,) = csv.DictReader(io.StringIO(tio("fills", "--csv").out))
    assert (fill["price"], fill["marked"]) == ("187.20", "True")
    assert "yahoo delayed" in tio("fills").out


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("cancel", "p1"), CancelOrder("p1")),
        (("cancel-all", "AAPL", "--side", "sell"), CancelOrders("main", "AAPL", Side.sell)),
        (("flatten",), FlattenPosition("main")),
        (("flatten", "AAPL"), FlattenPosition("main", "AAPL")),
        (("reverse", "AAPL"), ReversePosition("main", "AAPL")),
        (("break-even", "AAPL"), StopToBreakEven("main", "AAPL")),
        (("replace", "p1", "--limit", "188"), ReplaceOrder("p1", limit=D(188))),
        (
            ("ticket", "buy", "AAPL"),
            GetTicket("main", "AAPL", Side.buy, stop_atr=D(2), risk_percent=D(1)),
        ),
        (
            ("ticket", "sell", "AAPL", "--swing", "10", "--risk", "500", "--entry", "190"),
            GetTicket("main", "AAPL", Side.sell, D(190), swing=10, risk=D(500)),
        ),
    ],
)
def test_each_act_reaches_the_engine(
    tio: Tio, engine: FakeEngine, words: tuple[str, ...], asked: Request[Any]
) -> None:
    assert tio(*words).code == 0
    assert engine.asked[-1] == asked


def test_a_ticket_stands_with_its_size_its_risk_and_its_targets(tio: Tio) -> None:
    said = tio("ticket", "buy", "AAPL", "--stop", "181")
    for words in ("PAPER ticket · main", "161  limited by risk", "998.20", "1,545.60", "199.60"):
        assert words in said.out
    assert "without a stop for all they hold: MSFT" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("place", "hold", "AAPL", "10"), "a side is buy or sell, was 'hold'"),
        (("place", "buy", "AAPL", "ten"), "quantity: 'ten' is no number"),
        (("place", "buy", "AAPL", "1", "--tif", "ioc"), "an order stands for the day or is gtc"),
        (("replace", "p1"), "nothing is to be changed"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_asked(
    tio: Tio, engine: FakeEngine, words: tuple[str, ...], told: str
) -> None:
    said = tio(*words)
    assert said.code == 2
    assert told in said.err
    assert not [each for each in engine.asked if isinstance(each, PlaceOrder | ReplaceOrder)]
