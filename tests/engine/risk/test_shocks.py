"""Whom a shock means, by its name or its scope."""

from decimal import Decimal

import pytest

from tio.api.errors import Invalid
from tio.api.stress import Shock, ShockScope
from tio.engine.risk.held import Held, Portfolio
from tio.engine.risk.shocks import resolved

HELD = Portfolio(
    "EUR",
    (
        Held("AAPL", Decimal(10), "equity", "USD"),
        Held("SIM:USD", Decimal(10), "simulated", "CHF"),
        Held("cash GBP", Decimal(10), "cash", "GBP"),
    ),
    Decimal(30),
)


def meant(of: str, scope: ShockScope | None = None) -> tuple[ShockScope | None, str]:
    (told,) = resolved([Shock(change=Decimal("-0.1"), of=of, scope=scope)], HELD)
    return told.scope, told.of


@pytest.mark.parametrize(
    ("name", "scope", "of"),
    [
        ("market", ShockScope.market, ""),
        ("", ShockScope.market, ""),
        ("aapl", ShockScope.symbol, "AAPL"),
        ("crypto", ShockScope.asset_class, "crypto"),
        ("gbp", ShockScope.currency, "GBP"),
        ("CHF", ShockScope.currency, "CHF"),
        ("eur", ShockScope.currency, "EUR"),
    ],
)
def test_a_name_tells_the_scope(name: str, scope: ShockScope, of: str) -> None:
    assert meant(name) == (scope, of)


def test_what_is_held_comes_before_a_currency_unless_the_scope_says_so() -> None:
    assert meant("USD") == (ShockScope.symbol, "SIM:USD")
    assert meant("USD", ShockScope.currency) == (ShockScope.currency, "USD")


@pytest.mark.parametrize(("of", "scope"), [("MSFT", None), ("AAPL", ShockScope.currency)])
def test_what_meets_nothing_is_refused(of: str, scope: ShockScope | None) -> None:
    with pytest.raises(Invalid, match=f"nothing held is '{of}'") as caught:
        meant(of, scope)
    assert "AAPL, SIM:USD, USD, CHF, GBP, EUR" in caught.value.next
