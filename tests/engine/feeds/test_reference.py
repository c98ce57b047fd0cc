from datetime import UTC, date, datetime

import pytest

from tio.api.market import AssetClass, Delay
from tio.api.series import instant
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.reference import figures, pair_of, rate, reference_traits


def test_a_rate_is_as_of_the_fixing_of_its_date_in_winter_and_summer() -> None:
    winter = figures("EURUSD", date(2026, 1, 15), 1.1)
    summer = figures("EURUSD", date(2026, 7, 15), 1.1)
    assert winter.at == instant(datetime(2026, 1, 15, 13, 10, tzinfo=UTC))
    assert summer.at == instant(datetime(2026, 7, 15, 12, 10, tzinfo=UTC))
    assert winter.previous_close is None


def test_reference_rates_are_not_stale_over_easter() -> None:
    traits = reference_traits("x")
    assert (traits.name, traits.delay, traits.asset_class) == ("x", Delay.reference, AssetClass.fx)
    easter = datetime(2026, 4, 7, 14, 0, tzinfo=UTC) - datetime(2026, 4, 2, 12, 10, tzinfo=UTC)
    assert traits.stale_after > easter.total_seconds()


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_only_rates_above_zero_are_rates(value: float) -> None:
    with pytest.raises(Garbage, match="EUR/USD"):
        rate(value, "EUR/USD")
    assert rate(1.1, "EUR/USD") == 1.1


def test_a_pair_is_quoted_in_its_second_currency() -> None:
    told = pair_of("GBP", "JPY", "x", ("Pound", "Yen"))
    assert (told.symbol, told.currency, told.name) == ("GBPJPY", "JPY", "Pound / Yen")
    assert told.spellings == {"x": "GBP/JPY"}
    assert pair_of("GBP", "JPY", "x").name == ""
