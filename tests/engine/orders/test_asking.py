"""What is asked as orders, and what is answered of them."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from order_scene import NOON, TERMS, FakeHours, at, book_of, order, quote

from tio.api.errors import Invalid
from tio.api.orders import BracketLegs, OrderState, OrderType, Side, TradingLimits
from tio.api.trading import OtherOrder, PlaceOrder, PreviewOrder
from tio.engine.orders.asking import listed, order_of, other_of, previewed
from tio.engine.orders.broker import PaperBroker
from tio.engine.orders.fees import FeeRate, FeeSchedule
from tio.engine.orders.situation import Standing

from fakes import FakeClock

D = Decimal
ASKED = PlaceOrder(
    "main", "acme", Side.buy, D(10), OrderType.limit, D(100), short=True, setup=" gap\x1b "
)


def broker() -> PaperBroker:
    standing = Standing("EUR", D(10_000), rates={"USD": D("0.5")}, limits=TradingLimits(heat=D(60)))
    made = PaperBroker(
        FakeClock(NOON),
        TERMS.get,
        FakeHours(),
        lambda portfolio: standing,
        fees=FeeSchedule(FeeRate(percent=D("0.1"))),
    )
    made.on_quote(quote(-1, 99.9, 100.1))
    return made


def test_a_word_becomes_an_order_of_the_symbol_meant_with_what_was_said() -> None:
    for asked in (ASKED, PreviewOrder("main", "acme", Side.buy, D(10))):
        made = order_of(asked, "ACME")
        assert (made.id, made.symbol, made.side, made.quantity) == ("", "ACME", Side.buy, D(10))
    made = order_of(ASKED, "ACME")
    assert (made.type, made.limit, made.short, made.setup) == (OrderType.limit, D(100), True, "gap")


def test_a_bracket_and_another_beside_it_exclude_each_other() -> None:
    both = replace(ASKED, bracket=BracketLegs(stop=D(1)), oco=OtherOrder(type=OrderType.market))
    with pytest.raises(Invalid, match="not both"):
        order_of(both, "ACME")


def test_the_order_beside_another_is_as_large_unless_it_says_how_large() -> None:
    first = order_of(ASKED, "ACME")
    assert other_of(ASKED, first) is None
    other = other_of(replace(ASKED, oco=OtherOrder(type=OrderType.stop, stop=D(110))), first)
    assert other is not None
    assert (other.quantity, other.limit, other.stop, other.side) == (D(10), None, D(110), Side.buy)
    less = OtherOrder(type=OrderType.market, quantity=D(3))
    other = other_of(replace(ASKED, oco=less), first)
    assert other is not None
    assert other.quantity == 3


def test_a_preview_counts_in_the_portfolios_money_what_it_opens_costs_and_risks() -> None:
    paper, placed = broker(), order("", "buy", "10", "limit", limit="100")
    told = previewed(paper, placed, BracketLegs(stop=D(90)), TERMS["ACME"])
    assert (told.refused, told.currency, told.price) == ("", "EUR", D(100))
    assert (told.value, told.fee, told.risk) == (D(500), D("0.5"), D(50))
    assert told.buying_power == 10_000
    assert told.warnings == ("the heat would be 50.00 EUR, 83 % of your limit of 60.00",)
    assert [each.id for each in told.orders] == ["preview", "preview.stop"]
    assert not list(paper.book.shelf)


def test_a_preview_of_what_would_be_refused_says_so_and_warns_of_nothing() -> None:
    told = previewed(broker(), order("", "buy", "10"), BracketLegs(stop=D(80)), TERMS["ACME"])
    assert told.refused == "the heat would be 100.50 EUR, your limit is 60.00"
    assert told.next == "take less, set a nearer stop, or raise the limit"
    assert told.warnings == ()


def test_an_order_is_listed_with_how_far_the_market_is_and_why_it_waits() -> None:
    book = book_of()
    book.place(order("a", "buy", "1", "limit", limit="90"), at(0))
    book.on_quote(quote(1, 99, 100))
    told = listed(book, book.shelf.get("a"), quote(1, 99, 100), "second")
    assert (told.order.portfolio, told.price, told.distance) == ("second", D(100), -10.0)
    assert told.why == "no trade of ACME went below its limit of 90 since"


def test_one_that_ended_tells_its_reason_and_no_distance() -> None:
    ended = order("a", "buy", "1", state=OrderState.cancelled, reason="cancelled by hand")
    told = listed(book_of(), ended, quote(1, 99, 100), "main")
    assert (told.why, told.price, told.distance) == ("cancelled by hand", None, None)
