"""A ticket's lines: presets, what can be written, the words they come to."""

from decimal import Decimal
from typing import Any

import pytest
from paper_orders import TICKET

from tio.api.errors import Invalid
from tio.api.market import Side
from tio.api.orders import BracketLegs, OrderType, TimeInForce
from tio.api.trading import GetTicket, PlaceOrder
from tio.screens.ticket_form import PRESETS, TicketForm, closing, order_asked, ticket_asked

D = Decimal
FORM = TicketForm()


def test_presets_go_round_and_begin_anew_after_what_was_typed() -> None:
    for name, presets in PRESETS.items():
        form = FORM.written(name, presets[0])
        for expected in (*presets[1:], presets[0]):
            form = form.stepped(name, 1)
            assert getattr(form, name) == expected
    assert FORM.written("stop", "180").stepped("stop", 1).stop == PRESETS["stop"][0]


@pytest.mark.parametrize(
    ("name", "text", "asked"),
    [
        ("stop", "180", {"stop": D(180)}),
        ("stop", "1.5 ATR", {"stop_atr": D("1.5")}),
        ("stop", "swing 20", {"swing": 20}),
        ("entry", "187.20", {"entry": D("187.20"), "stop_atr": D(2)}),
        ("entry", "stop 190 limit 191", {"entry": D(191), "stop_atr": D(2)}),
        ("risk", "500", {"stop_atr": D(2), "risk": D(500), "risk_percent": None}),
        ("target", "1.5 r", {"stop_atr": D(2), "targets": (D("1.5"),)}),
    ],
)
def test_each_line_says_what_is_sized_by(name: str, text: str, asked: dict[str, Any]) -> None:
    told: dict[str, Any] = {"risk_percent": D(1), "targets": (D(2),)} | asked
    made = ticket_asked(FORM.written(name, text), "main", "AAPL")
    assert made == GetTicket("main", "AAPL", Side.buy, **told)


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ("market", {}),
        ("187.20", {"type": OrderType.limit, "limit": D("187.20")}),
        ("limit 187.20", {"type": OrderType.limit, "limit": D("187.20")}),
        ("stop 190", {"type": OrderType.stop, "stop": D(190)}),
        (
            "stop 190 limit 191",
            {"type": OrderType.stop_limit, "stop": D(190), "limit": D(191)},
        ),
    ],
)
def test_the_entry_says_the_type(entry: str, fields: dict[str, Any]) -> None:
    form = FORM.written("entry", entry).written("stands", "gtc extended")
    legs = BracketLegs(target=D("199.60"), stop=D(181))
    assert order_asked(PlaceOrder, form, "main", "AAPL", TICKET) == PlaceOrder(
        "main",
        "AAPL",
        Side.buy,
        D(161),
        bracket=legs,
        time_in_force=TimeInForce.gtc,
        extended_hours=True,
        **fields,
    )


def test_without_a_stop_a_quantity_is_needed() -> None:
    bare = FORM.written("stop", "none").written("target", "none")
    with pytest.raises(Invalid, match="nothing tells how much"):
        order_asked(PlaceOrder, bare, "main", "AAPL", None)
    made = order_asked(PlaceOrder, bare.written("quantity", "5"), "main", "AAPL", None)
    assert made == PlaceOrder("main", "AAPL", Side.buy, D(5))
    with pytest.raises(Invalid, match="a target in R needs a stop"):
        order_asked(
            PlaceOrder, bare.written("target", "2 R").written("quantity", "5"), "m", "A", None
        )


def test_what_closes_a_position_has_its_quantity_and_no_exits() -> None:
    made = order_asked(PlaceOrder, closing(Side.buy, D(-40)), "main", "AAPL", None)
    assert made == PlaceOrder("main", "AAPL", Side.buy, D(40))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("entry", "soon"),
        ("stop", "2 swings"),
        ("stop", "-3"),
        ("target", "2 X"),
        ("risk", "0%"),
        ("quantity", "some"),
        ("stands", "ioc"),
        ("short", "maybe"),
    ],
)
def test_what_a_line_cannot_say_is_refused_with_an_example(name: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        FORM.written(name, text)
    assert refused.value.next.startswith("Write ")
