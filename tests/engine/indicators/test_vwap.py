"""Volume-weighted averages as their formula over all bars since they began."""

import numpy as np
import pytest
from indicator_bars import sessions, walk

from tio.api.errors import Invalid
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec
from tio.engine.store.columns import Columns

BARS = walk(80, seed=6)
TYPICAL = (BARS.high + BARS.low + BARS.close) / 3


def banded(part: slice, width: float = 1.0) -> list[float]:
    mean = np.average(TYPICAL[part], weights=BARS.volume[part])
    spread = np.sqrt(np.average((TYPICAL[part] - mean) ** 2, weights=BARS.volume[part])) * width
    return [float(mean + each * spread) for each in (0, 1, -1, 2, -2)]


def at(columns: dict[str, Floats], bar: int) -> list[float]:
    return [float(column[bar]) for column in columns.values()]


@pytest.mark.parametrize("bar", [7, 9, 13, 55])
def test_a_sessions_average_begins_with_the_session(bar: int) -> None:
    session = sessions(BARS)
    part = slice(int(np.flatnonzero(session == session[bar])[0]), bar + 1)
    columns = compute(BARS, Spec("vwap", {"width": 2.0}), session=session)
    mean = compute(BARS, Spec("twap"), session=session)["twap"]

    assert at(columns, bar) == pytest.approx(banded(part, 2.0), rel=1e-9)
    prices = (BARS.open + BARS.high + BARS.low + BARS.close)[part] / 4
    assert mean[bar] == pytest.approx(prices.mean())


def test_an_anchored_average_begins_at_its_anchor() -> None:
    anchor = np.datetime64(int(BARS.time[30]), "us").item().isoformat()
    columns = compute(BARS, Spec("avwap", {"anchor": anchor}))

    assert np.isnan(columns["vwap"][:30]).all()
    assert at(columns, 30)[0] == pytest.approx(TYPICAL[30])
    assert at(columns, 79) == pytest.approx(banded(slice(30, 80)), rel=1e-9)


def test_an_anchor_that_is_no_moment_is_refused() -> None:
    with pytest.raises(Invalid, match="anchor must be a date"):
        compute(BARS, Spec("avwap", {"anchor": "yesterday"}))


def test_a_rolling_average_forgets_what_left_its_window() -> None:
    found = compute(BARS, Spec("rvwap"))["vwap"]

    assert found[79] == pytest.approx(banded(slice(60, 80))[0])


def test_without_volume_there_is_no_average() -> None:
    still = Columns.of(BARS.time, BARS.open, BARS.high, BARS.low, BARS.close, BARS.volume * 0)

    assert np.isnan(compute(still, Spec("vwap"))["vwap"]).all()
