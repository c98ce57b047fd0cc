from math import isnan, nan

import pytest

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.sources import source_at
from tio.engine.feeds.tio_ticks import address, parse, written

AT = 1_618_677_817_012_345


def test_every_kind_of_tick_comes_back_as_it_was() -> None:
    ticks = (
        Trade("SIM:ACME", 0.1 + 0.2, 3.0, AT, Side.sell, "a-1", 2, False),
        TopOfBook("SIM:ACME", 1e-9, None, at=None),
        DayFigures(symbol="SIM:ACME", last=5.5, change_percent=-1.25),
        BookSnapshot("SIM:ACME", ((1.0, 2.0),), (), AT, 7),
        BookChange("SIM:ACME", (), ((1.0, 0.0),), AT, 8, 9),
        SourceBar("SIM:ACME", Timeframe.m1, AT, 1.0, 2.0, 0.5, 1.5, 100.0, closed=False),
    )
    assert parse(written(ticks)) == ticks


def test_a_size_nobody_knows_comes_back_unknown() -> None:
    trade, bar = parse(
        written(
            (
                Trade("SIM:ACME", 1.0, nan, AT),
                SourceBar("SIM:ACME", Timeframe.m1, AT, 1.0, 2.0, 0.5, 1.5, nan),
            )
        )
    )
    assert isinstance(trade, Trade)
    assert isinstance(bar, SourceBar)
    assert isnan(trade.size)
    assert isnan(bar.volume)
    assert (trade.price, bar.close) == (1.0, 1.5)


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        '{"ticks":[["Wow",{}]]}',
        '{"ticks":[["Trade",{"symbol":"A","price":null,"size":1,"at":1}]]}',
        '{"ticks":[["Trade",{"symbol":"A\\u001b","price":1,"size":1,"at":1}]]}',
        '{"ticks":[["Trade",{"symbol":"A","price":1,"size":1,"at":-1}]]}',
    ],
)
def test_what_was_not_written_by_tio_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)


def test_its_address_names_it() -> None:
    assert source_at(address("simulator")) == "tio_ticks"
