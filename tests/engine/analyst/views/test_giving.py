"""What a view is kept with."""

from typing import Any

import pytest
from given_views import AT, CLOSED, THURSDAY, weekdays

from tio.api.errors import SourceUnavailable
from tio.api.market import Flag, Quote
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.giving import Said, given
from tio.engine.analyst.views.history import DailyPast
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify

PAST = DailyPast(
    tuple(weekdays([float(n) for n in range(50, 101)], THURSDAY)), rules_of(classify("AAPL"))
)


def kept(bias: int = 1, past: DailyPast = PAST, **quote: Any) -> GivenView:
    told: dict[str, Any] = {"symbol": "AAPL", "last": 101.0, "as_of": AT}
    said = Said(symbol="AAPL", bias=bias, by="rules", confidence=0.6, reason="it rises", as_of=AT)
    return given(said, Quote(**told | quote), past, AT)


def test_a_view_is_kept_with_its_price_its_range_and_its_base() -> None:
    found = kept()
    assert (found.price, found.reference_close, found.reference_day) == (101, 100, THURSDAY)
    assert (found.atr, found.base, found.due) == (2, 1, CLOSED)
    assert (found.days, found.confidence, found.reason) == (5, 0.6, "it rises")
    assert found.outcome is ViewOutcome.waiting
    assert kept(-1).base == 0


@pytest.mark.parametrize(
    "quote",
    [
        {"last": None},
        {"last": 0.0},
        {"as_of": None},
        {"as_of": THURSDAY.replace(hour=20)},
        {"flags": (Flag.spike,)},
        {"flags": (Flag.split_suspect,)},
        {"stale": True},
    ],
)
def test_a_price_that_is_old_or_unsound_is_the_close_before(quote: dict[str, Any]) -> None:
    assert kept(**quote).price == 100


def test_without_a_day_nothing_could_ever_measure_it() -> None:
    with pytest.raises(SourceUnavailable, match="no daily bar of AAPL is known"):
        kept(past=DailyPast((), PAST.rules))
