from dataclasses import replace
from decimal import Decimal

import pytest
from order_scene import at, book_of, fills, order, quote

from tio.api.market import AssetClass
from tio.config import Paper, PaperFee
from tio.engine.orders.fees import FREE, FeeRate, FeeSchedule, rounded, schedule_of
from tio.engine.orders.terms import Terms


def cost(rate: FeeRate, sizes: tuple[float, ...], quantity: str = "100") -> list[Decimal]:
    """The fee of each fill of a buy at 20 that quotes of these sizes fill."""
    book = book_of(FeeSchedule(rate))
    book.place(order("b", "buy", quantity), at(0))
    found = []
    for second, size in enumerate(sizes, 1):
        found += [fill.fee for fill in fills(book.on_quote(quote(second, 19.99, 20.0, size)))]
    assert book.shelf.get("b").fees == sum(found)
    return found


@pytest.mark.parametrize(
    ("rate", "fee"),
    [
        (FeeRate(per_order=Decimal(5)), "5.00"),
        (FeeRate(per_share=Decimal("0.0035")), "0.35"),
        (FeeRate(percent=Decimal("0.1")), "2.00"),
        (FeeRate(per_share=Decimal("0.0035"), least=Decimal(1)), "1.00"),
        (FeeRate(percent=Decimal(10), most=Decimal("29.9")), "29.90"),
        (FeeRate(Decimal(1), Decimal("0.01"), Decimal("0.1")), "4.00"),
    ],
)
def test_a_fee_is_made_of_order_shares_and_percent_within_its_bounds(
    rate: FeeRate, fee: str
) -> None:
    assert cost(rate, (500.0,)) == [Decimal(fee)]


def test_an_order_filled_in_parts_pays_what_it_would_have_paid_at_once() -> None:
    rate = FeeRate(per_share=Decimal("0.0035"), least=Decimal(1))

    assert cost(rate, (30.0, 31.0, 339.0), "400") == [Decimal("1.00"), 0, Decimal("0.40")]
    assert cost(rate, (500.0,), "400") == [Decimal("1.40")]


def test_each_asset_class_has_its_rate() -> None:
    schedule = FeeSchedule(by_class={AssetClass.crypto: FeeRate(percent=Decimal("0.5"))})
    book = book_of(schedule)
    book.place(order("c", "buy", "0.5", symbol="BTC-USD"), at(0))
    book.place(order("e", "buy", "5"), at(0))

    (coin,) = fills(book.on_quote(quote(1, 59_999, 60_000, symbol="BTC-USD")))
    (share,) = fills(book.on_quote(quote(1, 19, 20)))

    assert (coin.fee, share.fee) == (Decimal("150.00"), Decimal(0))


def test_a_venues_rate_comes_before_its_kinds_and_the_rest_is_otherwise() -> None:
    schedule = schedule_of(
        Paper(
            fees={"equity": PaperFee(per_share=0.01), "otherwise": PaperFee(per_order=2)},
            venue_fees={"XETR": PaperFee(percent=0.1, least=1, most=20)},
        )
    )
    share = Terms("ACME", AssetClass.equity, "USD")
    german = replace(share, venues=("xetra", "xetr"))

    def due(terms: Terms, quantity: str, price: str) -> Decimal:
        return schedule.of(order("o", "buy", quantity), Decimal(quantity), Decimal(price), terms)

    assert due(share, "100", "50") == 1
    assert [due(german, quantity, "50") for quantity in ("1", "100", "1000")] == [1, 5, 20]
    assert due(replace(share, asset_class=AssetClass.fx), "100", "50") == 2


def test_a_percent_is_of_the_contracts_worth() -> None:
    book = book_of(FeeSchedule(FeeRate(percent=Decimal("0.001"))))
    book.place(order("f", "buy", "2", symbol="ES=F"), at(0))

    (fill,) = fills(book.on_quote(quote(1, 5000, 5000.25, symbol="ES=F")))

    assert fill.fee == Decimal("5.00")
    assert fill.multiplier == 50


@pytest.mark.parametrize(
    ("currency", "told"),
    [("USD", "1.01"), ("JPY", "1"), ("KWD", "1.005"), ("BTC", "1.00500000")],
)
def test_a_fee_is_rounded_to_the_smallest_coin(currency: str, told: str) -> None:
    assert str(rounded(Decimal("1.005"), currency)) == told


def test_without_a_schedule_nothing_is_charged() -> None:
    assert cost(FREE.otherwise, (500.0,)) == [0]
