from datetime import UTC, datetime, timedelta

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.feeds.live.shaping import MANY, shaped
from tio.engine.feeds.rows import Asked
from tio.engine.store.columns import Row
from tio.plugin import Traits

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def rows(count: int, price: float = 10.0) -> list[Row]:
    minutes = (NOW - timedelta(minutes=number) for number in range(count))
    return [(instant(at), price, price, price, price, 1.0) for at in minutes]


@pytest.mark.parametrize("count", [0, 3, MANY + 1])
async def test_few_rows_and_many_become_bars(count: int) -> None:
    asked = Asked("BTC-USD", Timeframe.m1, None, NOW + timedelta(minutes=1), 10_000)
    bars = await shaped("X", rows(count), Timeframe.m1, asked, instant(NOW), Traits(name="x"))
    assert (len(bars), bars.source, bars.forming) == (count, "x", count > 0)


@pytest.mark.parametrize("count", [3, MANY + 1])
async def test_what_is_no_bar_is_an_answer_nobody_gave(count: int) -> None:
    asked = Asked("BTC-USD", Timeframe.m1, None, NOW, 10_000)
    with pytest.raises(SourceUnavailable, match="the answer of X cannot be read"):
        await shaped("X", rows(count, -1.0), Timeframe.m1, asked, instant(NOW), Traits(name="x"))
