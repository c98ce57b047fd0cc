"""A replay plays through the live path into its own workspace, which stays as it ended."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tio.api.contract import Engine, Item, Topic
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.files import GetReplay, ReplayReport, Replays, StartReplay
from tio.api.market import (
    BarUpdates,
    GetBars,
    GetBook,
    GetQuotes,
    Quotes,
    Sparks,
    Timeframe,
    Trades,
)
from tio.api.system import GetHealth
from tio.config import Config
from tio.engine.local import LocalEngine
from tio.paths import Paths

OPENED = "wss://ws-feed.exchange.coinbase.com <-> 1618677816.84"
MATCH = (
    '{{"type":"match","trade_id":{id},"side":"buy","size":"{size}","price":"{price}",'
    '"product_id":"BTC-USD","time":"2021-04-17T16:43:{second:02d}.000000Z"}}'
)


def recording(folder: Path, *frames: str) -> Path:
    path = folder / "session.txt"
    at = 1_618_677_817
    lines = [f"{at + n}.5: {frame}" for n, frame in enumerate(frames)]
    path.write_text("\n".join([OPENED, *lines]) + "\n")
    return path


def match(number: int, price: str, size: str = "1") -> str:
    return MATCH.format(id=number, price=price, size=size, second=36 + number)


async def running(workspace: str) -> LocalEngine:
    local = LocalEngine(Paths.find().workspace(workspace), Config())
    await local.start()
    return local


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    local = await running("replay")
    yield local.session()
    await local.close()


async def played(engine: Engine, request: StartReplay) -> ReplayReport:
    started = await engine.ask(request)
    async with engine.watch(Replays()) as items:
        async for item in items:
            if item.value.done and item.value.job == started.job:
                return item.value
    raise AssertionError("the replay never ended")


async def next_snapshot(items: AsyncIterator[Item[Any]]) -> Any:
    return await anext(item.value async for item in items if item.snapshot)


async def test_recorded_trades_become_quotes_and_bars(engine: Engine, tmp_path: Path) -> None:
    path = recording(tmp_path, match(1, "100.5"), match(2, "101.25", "2"), match(3, "100.75"))
    report = await played(engine, StartReplay(str(path), speed=0))
    assert (report.frames, report.ticks, report.garbage) == (3, 3, 0)
    (quote,) = await engine.ask(GetQuotes(("BTC-USD",)))
    assert (quote.last, quote.source, quote.price_decimals) == (100.75, "coinbase", 2)
    bars = await engine.ask(GetBars("BTC-USD", Timeframe.m1))
    assert [bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]] == [
        100.5,
        101.25,
        100.5,
        100.75,
        4.0,
    ]
    assert len((await engine.ask(GetBars("BTC-USD", Timeframe.s1))).time) == 3


async def test_the_clock_stands_where_the_recording_ended(engine: Engine, tmp_path: Path) -> None:
    path = recording(tmp_path, match(1, "100"), match(2, "101"))
    await played(engine, StartReplay(str(path), speed=0))
    health = await engine.ask(GetHealth())
    assert health.now.isoformat() == "2021-04-17T16:43:38.500000+00:00"


async def test_the_next_engine_finds_board_bars_and_clock_as_they_were(tmp_path: Path) -> None:
    path = recording(tmp_path, match(1, "100.5"), match(2, "101.25"))
    first = await running("replay-kept")
    await played(first.session(), StartReplay(str(path), speed=0))
    quotes = await first.session().ask(GetQuotes())
    bars = await first.session().ask(GetBars("BTC-USD", Timeframe.s1))
    await first.close()
    second = await running("replay-kept")
    try:
        assert await second.session().ask(GetQuotes()) == quotes
        assert await second.session().ask(GetBars("BTC-USD", Timeframe.s1)) == bars
    finally:
        await second.close()


async def test_watchers_are_told_anew_when_a_replay_empties_the_workspace(
    engine: Engine, tmp_path: Path
) -> None:
    await played(
        engine, StartReplay(str(recording(tmp_path, match(1, "100"), match(9, "200"))), speed=0)
    )
    topics: tuple[Topic[Any], ...] = (
        BarUpdates("BTC-USD", Timeframe.s1),
        Quotes(("BTC-USD",)),
        Trades("BTC-USD"),
        Sparks(("BTC-USD",)),
    )
    async with AsyncExitStack() as stack:
        watches = [await stack.enter_async_context(engine.watch(topic)) for topic in topics]
        for items in watches:
            assert (await anext(items)).snapshot
        await played(engine, StartReplay(str(recording(tmp_path, match(5, "150"))), speed=0))
        seen = [await next_snapshot(items) for items in watches]
    bars, quotes, trades, sparks = seen
    assert list(bars.close) in ([], [150.0])
    assert quotes[0].last in (None, 150.0)
    assert [trade.price for trade in trades] in ([], [150.0])
    assert [list(spark.closes) for spark in sparks] in ([], [[150.0]])


async def test_after_a_reconnection_a_book_waits_for_its_snapshot(
    engine: Engine, tmp_path: Path
) -> None:
    def at(second: int, frame: dict[str, object]) -> str:
        return f"{1_618_677_816 + second}.5: {json.dumps(frame | {'product_id': 'BTC-USD'})}"

    def bid(price: str) -> dict[str, object]:
        time = "2021-04-17T16:43:40.000000Z"
        return {"type": "l2update", "changes": [["buy", price, "1"]], "time": time}

    whole: dict[str, object] = {"type": "snapshot", "bids": [["99", "1"]], "asks": [["102", "1"]]}
    path = tmp_path / "session.txt"
    lines = [OPENED, at(1, whole), at(2, bid("100")), OPENED, at(4, bid("101"))]
    path.write_text("\n".join(lines) + "\n")
    await played(engine, StartReplay(str(path), speed=0))
    book = await engine.ask(GetBook("BTC-USD"))
    assert (book.bids[0].price, book.complete) == (100.0, False)
    path.write_text("\n".join([*lines, at(5, whole)]) + "\n")
    await played(engine, StartReplay(str(path), speed=0))
    book = await engine.ask(GetBook("BTC-USD"))
    assert (book.bids[0].price, book.complete) == (99.0, True)


async def test_the_next_engine_finds_each_of_several_sources_again(tmp_path: Path) -> None:
    path = tmp_path / "several.txt"
    binance = '{"u":4,"s":"BNBUSDT","b":"25.35","B":"31","a":"25.36","A":"40"}'
    path.write_text(
        f"{OPENED}\n1618677817.5: {match(1, '100')}\n"
        f"wss://stream.binance.com <-> 1618677818.5\n1618677818.5: {binance}\n"
    )
    first = await running("replay-several")
    await played(first.session(), StartReplay(str(path), speed=0))
    quotes = await first.session().ask(GetQuotes())
    await first.close()
    assert {quote.source for quote in quotes} == {"coinbase", "binance"}
    second = await running("replay-several")
    try:
        assert await second.session().ask(GetQuotes()) == quotes
    finally:
        await second.close()


async def test_a_replay_empties_its_workspace_first(engine: Engine, tmp_path: Path) -> None:
    first = recording(tmp_path, match(1, "100"), match(2, "200"))
    await played(engine, StartReplay(str(first), speed=0))
    await played(engine, StartReplay(str(recording(tmp_path, match(1, "150"))), speed=0))
    bars = await engine.ask(GetBars("BTC-USD", Timeframe.m1))
    assert list(bars.high) == [150.0]


async def test_garbage_is_counted_told_and_survived(engine: Engine, tmp_path: Path) -> None:
    path = recording(tmp_path, match(1, "100"), '{"type":"mat', "\x00\x1b[2J", match(2, "101"))
    report = await played(engine, StartReplay(str(path), speed=0))
    assert report.garbage == 2
    assert report.ticks == 2
    assert all("\x1b" not in fault for fault in report.faults)
    (quote,) = await engine.ask(GetQuotes())
    assert quote.last == 101.0


async def test_bars_play_back_to_the_same_bars(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(
        "time,open,high,low,close,volume\n"
        "2024-03-04 14:30,10,12,9,11,100\n"
        "2024-03-04 14:31,11,11.5,10,10.5,50\n"
    )
    await played(
        engine,
        StartReplay(str(path), speed=0, symbol="ETH-USD", timeframe=Timeframe.m1, zone="UTC"),
    )
    bars = await engine.ask(GetBars("ETH-USD", Timeframe.m1))
    assert list(zip(bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)) == [
        (10.0, 12.0, 9.0, 11.0, 100.0),
        (11.0, 11.5, 10.0, 10.5, 50.0),
    ]


async def test_bars_adjusted_for_dividends_say_so_live_stored_and_watched(tmp_path: Path) -> None:
    path = tmp_path / "acme.us.txt"
    path.write_text(
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "ACME.US,D,20240304,000000,10,12,9,11,100,0\n"
        "ACME.US,D,20240305,000000,11,11.5,10,10.5,50,0\n"
    )
    first = await running("replay-adjusted")
    await played(first.session(), StartReplay(str(path), speed=0))
    async with first.session().watch(BarUpdates("ACME", Timeframe.d1)) as items:
        assert (await anext(items)).value.adjusted == "total"
    await first.close()
    second = await running("replay-adjusted")
    try:
        bars = await second.session().ask(GetBars("ACME"))
        assert (list(bars.close), bars.adjusted) == ([11.0, 10.5], "total")
    finally:
        await second.close()


@pytest.mark.parametrize("workspace", ["main", "demo"])
async def test_main_and_demo_refuse(workspace: str, tmp_path: Path) -> None:
    local = await running(workspace)
    try:
        with pytest.raises(Invalid, match="never plays"):
            await local.session().ask(StartReplay(str(recording(tmp_path, match(1, "1")))))
    finally:
        await local.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.txt", None), ("empty.txt", ""), ("noise.txt", "\x00\x01\n\xff\n"), ("cut.gz", "x")],
)
async def test_a_file_that_cannot_be_played_empties_nothing(
    engine: Engine, tmp_path: Path, name: str, content: str | None
) -> None:
    await played(engine, StartReplay(str(recording(tmp_path, match(1, "100"))), speed=0))
    if content is not None:
        (tmp_path / name).write_text(content, encoding="latin-1")
    with pytest.raises(TioError) as caught:
        await engine.ask(StartReplay(str(tmp_path / name), speed=0))
    assert caught.value.message
    quotes = await engine.ask(GetQuotes())
    assert len(quotes) == 1


async def test_a_new_replay_ends_the_one_that_plays(engine: Engine, tmp_path: Path) -> None:
    slow = await engine.ask(StartReplay(str(recording(tmp_path, match(1, "1"), match(2, "2")))))
    ended = await played(engine, StartReplay(str(recording(tmp_path, match(3, "3"))), speed=0))
    assert ended.job != slow.job
    (quote,) = await engine.ask(GetQuotes())
    assert quote.last == 3.0


async def test_before_the_first_replay_there_is_none(engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.ask(GetReplay())
