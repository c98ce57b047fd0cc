"""Shocks by hand: the nearest counts, currencies multiply, nothing falls below zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.stress import Shock, ShockScope
from tio.engine.risk.exposure import Exposure
from tio.engine.risk.stress import stressed

HELD = (
    Exposure("AAPL", Decimal(1_000), "equity", "USD", 1.2),
    Exposure("BTC-USD", Decimal(500), "crypto", "USD"),
    Exposure("SAP.XETRA", Decimal(-300), "equity", "EUR", 0.9),
)
CHANGES = st.decimals("-1", "1", places=3)


def shock(change: str, scope: ShockScope = ShockScope.market, of: str = "") -> Shock:
    return Shock(change=Decimal(change), of=of, scope=scope)


def losses(*shocks: Shock) -> list[Decimal | None]:
    return [line.loss for line in stressed(HELD, shocks, "EUR").lines]


def test_the_market_falls_upon_all_by_their_beta() -> None:
    told = stressed(HELD, [shock("-0.1")], "EUR", Decimal(2_000))
    assert [line.loss for line in told.lines] == [120, 50, -27]
    assert told.loss == 143
    assert told.share == pytest.approx(0.0715)
    assert told.title == "market −10 %"


def test_a_beta_that_is_not_known_is_one_and_told() -> None:
    told = stressed(HELD, [shock("-0.1")], "EUR")
    assert told.lines[1].proxied
    assert told.lines[1].note == "no beta is known: 1 was assumed"
    assert told.proxied_share == pytest.approx(500 / 1_800)
    assert told.share is None


def test_the_nearest_shock_counts() -> None:
    assert losses(
        shock("-0.1"),
        shock("-0.5", ShockScope.asset_class, "crypto"),
        shock("0.3", ShockScope.symbol, "AAPL"),
    ) == [-300, 250, -27]


def test_a_currency_multiplies_with_the_price() -> None:
    assert losses(
        shock("-0.1", ShockScope.symbol, "AAPL"), shock("-0.2", ShockScope.currency, "USD")
    ) == [
        Decimal("280.00"),
        Decimal("100.0"),
        0,
    ]


def test_a_price_ends_at_zero() -> None:
    told = stressed(HELD, [shock("-0.9")], "EUR")
    assert told.lines[0].loss == 1_000
    assert "more than all" in told.lines[0].note


@given(CHANGES, CHANGES, CHANGES)
def test_lines_add_up_and_no_long_position_loses_more_than_it_is(
    market: Decimal, crypto: Decimal, dollar: Decimal
) -> None:
    told = stressed(
        HELD,
        [
            Shock(change=market, scope=ShockScope.market),
            Shock(change=crypto, of="crypto", scope=ShockScope.asset_class),
            Shock(change=dollar, of="USD", scope=ShockScope.currency),
        ],
        "EUR",
    )
    each = [line.loss for line in told.lines if line.loss is not None]
    assert told.loss == sum(each)
    assert each[0] <= 1_000
    assert each[1] <= 500


@pytest.mark.parametrize(
    ("shocks", "said"),
    [
        ((), "needs a shock"),
        ((shock("-1.2"),), "−1 .all is lost. or more, was -1.2"),
        ((shock("NaN"),), "or more"),
        ((shock("-0.1", ShockScope.market, "SPY"),), "the market names nothing"),
        ((shock("-0.1", ShockScope.symbol),), "every other names"),
        ((shock("-0.1", ShockScope.currency, "EUR"),), "its rate cannot change"),
        ((shock("-0.1"), shock("-0.2")), "market is shocked twice"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(shocks: tuple[Shock, ...], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        stressed(HELD, shocks, "EUR")
