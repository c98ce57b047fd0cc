from decimal import Decimal
from typing import Any

import pytest
from order_scene import TERMS, order

from tio.api.market import AssetClass, Instrument
from tio.api.orders import Trail
from tio.engine.orders.shape import misshapen
from tio.engine.orders.terms import ceiled, fits, floored, terms_of


@pytest.mark.parametrize(
    ("said", "reason", "next"),
    [
        (("buy", "-1", "market", {}), "quantity must be above zero", "side"),
        (("buy", "NaN", "market", {}), "quantity must be above zero", "side"),
        (("buy", "1.5", "market", {}), "lots of 1, the quantity was 1.5", "take 1"),
        (("buy", "0.5", "market", {}), "lots of 1, the quantity was 0.5", "take 1"),
        (("buy", "1", "limit", {}), "a limit order needs its limit", "give"),
        (("buy", "1", "stop_limit", {"stop": "5"}), "stop-limit order needs its limit", "give"),
        (("buy", "1", "trailing", {}), "a trailing order needs its trail", "give"),
        (("buy", "1", "market", {"limit": "5"}), "a market order has no limit", "leave"),
        (("buy", "1", "limit", {"limit": "5", "stop": "4"}), "has no stop", "leave"),
        (("buy", "1", "limit", {"limit": "0"}), "price above zero, was 0", "change"),
        (("buy", "1", "limit", {"limit": "Infinity"}), "price above zero", "change"),
        (("buy", "1", "limit", {"limit": "5.005"}), "ticks of 0.01", "take 5 or 5.01"),
        (("buy", "1", "trailing", {"amount": "0"}), "trail must be above zero", "change"),
        (("buy", "1", "trailing", {"percent": "100"}), "below 100 %", "change"),
        (("buy", "1", "trailing", {"trail": Trail()}), "amount or as percent", "one of them"),
    ],
)
def test_an_order_that_lacks_or_exceeds_is_refused_with_what_to_do(
    said: tuple[str, str, str, dict[str, Any]], reason: str, next: str
) -> None:
    side, quantity, kind, rest = said

    found = misshapen(order("o", side, quantity, kind, **rest), TERMS["ACME"])

    assert found is not None
    assert reason in found.reason
    assert next in found.next


def test_an_unknown_symbol_is_refused_with_how_to_look_it_up() -> None:
    found = misshapen(order("o", "buy", "1", symbol="NOPE"), None)

    assert found is not None
    assert "NOPE is not an instrument" in found.reason
    assert found.next == "look it up with: tio search NOPE"


def test_a_trailing_order_may_say_where_its_stop_begins() -> None:
    assert (
        misshapen(order("o", "sell", "1", "trailing", amount="2", stop="9"), TERMS["ACME"]) is None
    )


def test_steps_need_not_be_powers_of_ten() -> None:
    quarter = Decimal("0.25")

    assert floored(Decimal("5001.3"), quarter) == Decimal("5001.25")
    assert ceiled(Decimal("5001.3"), quarter) == Decimal("5001.5")
    assert not fits(Decimal("5001.3"), quarter)


def test_terms_come_from_the_instrument_and_the_contract() -> None:
    coin = terms_of(Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto))
    share = terms_of(Instrument(symbol="AAPL", currency="USD", price_decimals=2))
    future = terms_of(Instrument(symbol="ES=F", asset_class=AssetClass.future))
    unknown = terms_of(Instrument(symbol="ZZ=F", asset_class=AssetClass.future))

    assert (coin.currency, coin.tick, coin.lot) == ("USD", None, Decimal("1e-8"))
    assert (share.tick, share.lot, share.multiplier) == (Decimal("0.01"), Decimal(1), Decimal(1))
    assert (future.multiplier, future.tick) == (Decimal(50), Decimal("0.25"))
    assert unknown.multiplier is None
