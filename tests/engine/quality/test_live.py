"""Bars in memory after a repair."""

from tio.api.market import AssetClass, Timeframe
from tio.api.ticks import Trade
from tio.engine.bus import Bus
from tio.engine.market.market import Market
from tio.engine.quality.live import take_over
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.repairs import ChangedBar
from tio.plugin import Traits

from fakes import FakeClock

MINUTE = 60_000_000
NOON = 1_795_186_800_000_000


def test_a_bar_in_memory_is_corrected_or_taken_out_and_others_stay() -> None:
    clock = FakeClock()
    market = Market(clock, Bus(clock))
    venue = Traits(name="venue", asset_class=AssetClass.crypto)
    for number in range(4):
        at = NOON - (4 - number) * MINUTE
        market.take([Trade("BTC-USD", 100.0 + number, 2.0, at, id=str(number))], venue, NOON)
    line = market.board.lines["BTC-USD"]
    line.bars.flush()
    ladder = line.bars.ladder(Timeframe.m1)
    times = list(ladder.time)
    before = (100.0, 100.0, 100.0, 100.0, 2.0)
    after = (90.0, 91.0, 89.0, 90.0, None)
    key = SeriesKey("BTC-USD", Timeframe.m1, "venue")
    take_over(
        market,
        key,
        [ChangedBar(times[0], before, after), ChangedBar(times[2], before, None)],
    )
    assert list(ladder.columns(10).close) == [90.0, 101.0, 103.0]
    assert list(ladder.time) == [times[0], times[1], times[3]]
    take_over(
        market,
        SeriesKey("BTC-USD", Timeframe.m1, "another"),
        [ChangedBar(times[1], before, None)],
    )
    assert len(ladder) == 3
