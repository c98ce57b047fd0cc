"""The past lived through again: by one's own prices where there are any, by beta where not."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tio.api.stress import HistoricalWindow
from tio.engine.risk.exposure import Exposure
from tio.engine.risk.paired import Prices
from tio.engine.risk.reliving import relived

DAY = 86_400_000_000
FALL = HistoricalWindow(name="x", title="A fall", start=date(1970, 1, 11), end=date(1970, 1, 15))


def prices(first: int, *closes: float) -> Prices:
    return Prices(np.arange(first, first + len(closes)) * DAY, np.array(closes))


def held(symbol: str, value: int, beta: float | None = None) -> Exposure:
    return Exposure(symbol, Decimal(value), "equity", "USD", beta)


OWN = prices(8, 99, 98, 100, 90, 70, 75, 80, 120)
MARKET = prices(8, 9, 9, 10, 9, 8, 8, 9, 12)


def test_the_loss_is_from_the_close_before_to_the_last_close() -> None:
    told = relived([held("OLD", 1_000)], FALL, {"OLD": OWN}, net=Decimal(4_000))
    assert told.loss == 200
    assert told.share == pytest.approx(0.05)
    assert (told.worst, told.worst_day) == (Decimal("300.00"), date(1970, 1, 13))
    assert told.lines[0].change == pytest.approx(-0.2)
    assert (told.proxied_share, told.lacks) == (0, ())
    assert told.title == "A fall, 1970-01-11 to 1970-01-15"


def test_a_short_position_gains() -> None:
    told = relived([held("OLD", -1_000)], FALL, {"OLD": OWN})
    assert told.loss == -200
    assert told.worst == 0


def test_who_was_not_there_goes_by_beta_and_is_marked() -> None:
    told = relived([held("OLD", 1_000), held("NEW", 1_000, 2.0)], FALL, {"OLD": OWN}, MARKET)
    old, new = told.lines
    assert not old.proxied
    assert new.proxied
    grown = (1 - 0.2) * (1 - 2 / 9) * 1 * (1 + 2 / 8)
    assert new.change == pytest.approx(grown - 1)
    assert new.note == "no prices of then: 2.00 × the benchmark"
    assert told.proxied_share == 0.5


@pytest.mark.parametrize(
    "own", [prices(13, 5, 6, 7, 8), prices(0, 5), prices(8, 5, 5, 5, np.nan), prices(30, 1, 2)]
)
def test_prices_that_do_not_cover_the_window_are_not_used(own: Prices) -> None:
    longer = HistoricalWindow(name="x", title="x", start=date(1970, 1, 11), end=date(1970, 1, 25))
    market = prices(8, *([10.0] * 18))
    told = relived([held("NEW", 100)], longer, {"NEW": own}, market)
    assert told.lines[0].proxied
    assert told.lines[0].note == "no prices of then and no beta: as the benchmark"


def test_without_a_benchmark_it_is_left_out_and_named() -> None:
    told = relived([held("OLD", 1_000), held("NEW", 9_000, 1.0)], FALL, {"OLD": OWN})
    assert told.lines[1].loss is None
    assert told.loss == 200
    assert told.lacks == ("NEW",)


def test_a_day_one_of_them_missed_holds_the_last_price() -> None:
    weekdays = Prices(np.array([10, 11, 14]) * DAY, np.array([100.0, 60.0, 90.0]))
    told = relived([held("A", 100), held("B", 100)], FALL, {"A": weekdays, "B": OWN})
    # 12 days in: A stands at 60 still, B at 70.
    assert told.worst == 70
    assert told.worst_day == date(1970, 1, 13)
    assert told.loss == 30


def test_nothing_known_has_no_worst_day() -> None:
    told = relived([held("NEW", 100)], FALL, {})
    assert told.loss == 0
    assert told.worst is None
    assert told.worst_day is None
