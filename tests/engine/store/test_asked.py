"""Ranges that were asked for stand under who was asked."""

from tio.api.market import Timeframe
from tio.engine.store.asked import asked_as
from tio.engine.store.bar_tables import SeriesKey


def test_bars_of_another_reach_were_asked_of_the_same_source() -> None:
    key = SeriesKey("AAPL", Timeframe.d1, "alpaca.sip")
    assert asked_as(key) == SeriesKey("AAPL", Timeframe.d1, "alpaca")
    assert asked_as(asked_as(key)) == asked_as(key)
