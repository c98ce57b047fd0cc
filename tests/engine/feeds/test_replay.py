import asyncio
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tio.api.errors import Invalid, NotFound
from tio.api.files import ReplayReport
from tio.api.market import AssetClass
from tio.api.series import instant
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.replay import Replayer
from tio.engine.feeds.replay_clock import ReplayClock
from tio.engine.feeds.sources import SOURCES
from tio.engine.feeds.steps import read_steps
from tio.plugin import Traits

import recorded
from fakes import FakeOutlet

COINBASE = "1_exchange_captures/cryptofeed/COINBASE.ws.28.0.shared.txt.gz"


class HastyClock:
    """A real clock whose sleeps pass at once, so a replay at ×1 takes no time."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.elapsed += seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)


class Everything:
    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


class Heard(FakeOutlet):
    """An outlet that keeps what it hears."""

    def frame(self, url: str, text: str) -> None:
        raise AssertionError("a replay has no raw frames to record")


def trade(second: float, price: float = 10.0, pair: str = "XBT/USD") -> str:
    at = 1_618_678_132 + second
    return f'{at}: [0,[["{price}","1","{at - 0.5}","s","l",""]],"trade","{pair}"]\n'


SESSION = (
    "wss://ws.kraken.com <-> 1618678132.0\n"
    + trade(1, 10.25)
    + '1618678133.5: {"event":"heartbeat"}\n'
    + "what is this\n"
    + trade(2, 10.5)
    + "1618678136.0: [1,2]\n"
    + trade(11, 10.125, "ETH/USD")
)


def written(tmp_path: Path, text: str = SESSION) -> Path:
    file = tmp_path / "session.txt"
    file.write_text(text)
    return file


@pytest.mark.parametrize("speed", [0.0, 1.0, 10.0, 1_000_000.0])
async def test_every_speed_feeds_the_same_ticks_with_the_recorders_receipt(
    tmp_path: Path, speed: float
) -> None:
    replayer = await Replayer.opened(written(tmp_path), None, speed, real=HastyClock())
    heard = Heard()
    await replayer.run(Everything(), heard)
    assert [(tick.symbol, tick.price) for tick in heard.ticks if isinstance(tick, Trade)] == [
        ("BTC-USD", 10.25),
        ("BTC-USD", 10.5),
        ("ETH-USD", 10.125),
    ]
    seconds = [1_618_678_133, 1_618_678_134, 1_618_678_143]
    assert [at for _, at in heard.emissions] == [second * 1_000_000 for second in seconds]


async def test_report_counts_frames_ticks_ignored_and_garbage(tmp_path: Path) -> None:
    told: list[ReplayReport] = []
    replayer = await Replayer.opened(
        written(tmp_path), None, 0, real=HastyClock(), told=told.append
    )
    await replayer.run(Everything(), Heard())
    report = told[-1]
    assert report == replayer.report
    assert (report.source, report.done, report.speed) == ("kraken", True, 0)
    assert (report.frames, report.ticks, report.ignored, report.garbage) == (4, 3, 1, 2)
    assert report.faults == (
        "line 4 is not of a recording: 'what is this'",
        "line 6: not a Kraken frame: an array that does not end in a channel and a pair",
    )
    assert report.first == datetime.fromtimestamp(1_618_678_133, UTC)
    assert report.at == datetime.fromtimestamp(1_618_678_143, UTC)


async def test_time_passes_as_recorded_divided_by_the_speed(tmp_path: Path) -> None:
    for speed, whole in ((1.0, 10.0), (4.0, 2.5)):
        real = HastyClock()
        replayer = await Replayer.opened(written(tmp_path), None, speed, real=real)
        await replayer.run(Everything(), Heard())
        assert real.elapsed == pytest.approx(whole)


async def test_clock_stays_at_the_end_as_it_was_left(tmp_path: Path) -> None:
    for speed in (0.0, 2.0):
        real = HastyClock()
        replayer = await Replayer.opened(written(tmp_path), None, speed, real=real)
        assert replayer.clock.now() == datetime.fromtimestamp(1_618_678_133, UTC)
        await replayer.run(Everything(), Heard())
        real.elapsed += 3_600
        assert replayer.clock.now() == datetime.fromtimestamp(1_618_678_143, UTC)
        assert replayer.clock.monotonic() == 10.0


async def test_progress_is_told_at_most_ten_times_a_second_and_at_the_end(tmp_path: Path) -> None:
    lines = "".join(trade(i / 50) for i in range(500))
    told: list[ReplayReport] = []
    replayer = await Replayer.opened(
        written(tmp_path, "wss://ws.kraken.com <-> 1618678132.0\n" + lines),
        real=HastyClock(),
        told=told.append,
    )
    await replayer.run(Everything(), Heard())
    assert 50 < len(told) <= 102
    assert [report.done for report in told] == [False] * (len(told) - 1) + [True]


async def test_instruments_carry_the_most_decimals_seen(tmp_path: Path) -> None:
    replayer = await Replayer.opened(written(tmp_path), real=HastyClock())
    bitcoin, ether = replayer.instruments()
    assert (bitcoin.symbol, bitcoin.price_decimals, bitcoin.currency) == ("BTC-USD", 2, "USD")
    assert (ether.symbol, ether.price_decimals) == ("ETH-USD", 3)
    assert bitcoin.asset_class is AssetClass.crypto
    assert bitcoin.source == "kraken"


async def test_two_sources_in_one_file_speak_their_own_language(tmp_path: Path) -> None:
    binance = '{"u":4,"s":"BNBUSDT","b":"25.35","B":"31","a":"25.36","A":"40"}'
    text = (
        "# tio recording 1 kraken binance\n"
        "ws://127.0.0.1:1/a#kraken <-> 1618678132.0\n" + trade(1) + "ws://127.0.0.1:1/a#binance"
        f" <-> 1618678134.0\n1618678134.0: {binance}\n"
        "ws://127.0.0.1:1/a#kraken <-> 1618678135.0\n" + trade(3)
    )
    replayer = await Replayer.opened(written(tmp_path, text), speed=0, real=HastyClock())
    heard = Heard()
    await replayer.run(Everything(), heard)
    assert [tick.symbol for tick in heard.ticks] == ["BTC-USD", "BNB-USDT", "BTC-USD"]
    assert replayer.report.garbage == 0


async def reconnected(tmp_path: Path, text: str) -> list[str]:
    """Sources in the order they spoke (trades) and lost their connection (`-name`)."""
    told: list[str] = []

    class Heads(Heard):
        def emit(
            self,
            ticks: Sequence[Tick],
            received_at: int | None = None,
            traits: Traits | None = None,
        ) -> None:
            told.append(replayer.traits.name)

    replayer = await Replayer.opened(
        written(tmp_path, text),
        speed=0,
        real=HastyClock(),
        lost=lambda source: told.append(f"-{source}"),
    )
    await replayer.run(Everything(), Heads())
    return told


async def test_a_connection_made_again_is_told_where_it_happened(tmp_path: Path) -> None:
    again = "wss://ws.kraken.com <-> 1618678134.5\n"
    assert await reconnected(tmp_path, SESSION + again + trade(12)) == [
        *["kraken"] * 3,
        "-kraken",
        "kraken",
    ]


async def test_in_tios_own_recording_a_turn_to_another_address_is_no_reconnection(
    tmp_path: Path,
) -> None:
    a, b = "ws://127.0.0.1:1/a#kraken", "ws://127.0.0.1:1/b#kraken"
    text = "# tio recording 1 kraken\n" + "".join(
        f"{url} <-> {1618678132 + n}\n{trade(n)}" for n, url in enumerate((a, b, a, a))
    )
    assert await reconnected(tmp_path, text) == [*["kraken"] * 3, "-kraken", "kraken"]


async def test_addresses_that_are_none_end_no_replay(tmp_path: Path) -> None:
    text = SESSION + "http://[ <-> 1618678143.5\nhttp://[/depth -> 1618678144.0: {}\n" + trade(13)
    replayer = await Replayer.opened(written(tmp_path, text), None, 0, real=HastyClock())
    await replayer.run(Everything(), Heard())
    assert replayer.report.ticks == 4
    for source in SOURCES:
        assert len(list(read_steps(tmp_path / "session.txt", source, only=True))) == 8


async def test_named_source_reads_frames_without_an_address(tmp_path: Path) -> None:
    file = written(tmp_path, trade(1))
    with pytest.raises(Invalid, match="cannot tell which source"):
        await Replayer.opened(file, real=HastyClock())
    replayer = await Replayer.opened(file, "Kraken", 0, real=HastyClock())
    heard = Heard()
    await replayer.run(Everything(), heard)
    assert len(heard.ticks) == 1


@pytest.mark.parametrize(
    ("text", "source", "sentence"),
    [
        (SESSION, "krakn", "there is no source 'krakn'"),
        ("", "kraken", "holds no frame"),
        (trade(1), "binance", "none of the frames"),
    ],
)
async def test_what_cannot_be_played_is_refused_before_it_starts(
    tmp_path: Path, text: str, source: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        await Replayer.opened(written(tmp_path, text), source, real=HastyClock())


async def test_missing_file_and_mad_speed_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await Replayer.opened(tmp_path / "none", real=HastyClock())
    for speed in (-1.0, float("nan"), float("inf")):
        with pytest.raises(Invalid, match="speed"):
            await Replayer.opened(written(tmp_path), None, speed, real=HastyClock())


async def test_cancelled_replay_ends_not_done_with_its_clock_standing(tmp_path: Path) -> None:
    started = asyncio.Event()

    class Startled(Heard):
        def emit(
            self,
            ticks: Sequence[Tick],
            received_at: int | None = None,
            traits: Traits | None = None,
        ) -> None:
            super().emit(ticks, received_at)
            started.set()

    class StuckClock(HastyClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.Event().wait()

    replayer = await Replayer.opened(written(tmp_path), None, 1.0, real=StuckClock())
    heard = Startled()
    task = asyncio.create_task(replayer.run(Everything(), heard))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(heard.ticks) == 1
    assert not replayer.report.done
    assert replayer.clock.now() == datetime.fromtimestamp(1_618_678_133, UTC)


async def test_the_loop_has_its_turn_every_few_ms_of_work_at_full_speed(tmp_path: Path) -> None:
    file = tmp_path / "long.txt.gz"
    lines = "".join(trade(i / 100) for i in range(30_000))
    file.write_bytes(gzip.compress(f"wss://ws.kraken.com <-> 1618678132.0\n{lines}".encode()))
    replayer = await Replayer.opened(file, None, 0, real=HastyClock())
    heard = Heard()
    start = instant(replayer.clock.now())

    def a_ms_for_each_tick() -> float:
        return len(heard.ticks) / 1000

    replayer.clock = ReplayClock(HastyClock(), 0, start, a_ms_for_each_tick)
    most = 0

    async def beat() -> None:
        nonlocal most
        before = 0
        while True:
            await asyncio.sleep(0)
            most, before = max(most, len(heard.ticks) - before), len(heard.ticks)

    beating = asyncio.create_task(beat())
    await replayer.run(Everything(), heard)
    beating.cancel()
    assert len(heard.ticks) == 30_000
    assert 1 <= most <= 6


async def test_coinbase_session_gives_as_many_trades_as_it_has_matches() -> None:
    path = recorded.path(COINBASE)
    plain = []
    for line in recorded.lines(COINBASE):
        head, _, body = line.partition(": ")
        if head.replace(".", "", 1).isdigit() and json.loads(body)["type"] == "match":
            plain.append((round(float(head) * 1e6), json.loads(body)["price"]))
    replayer = await Replayer.opened(path, None, 0, real=HastyClock())
    heard = Heard()
    await replayer.run(Everything(), heard)
    told = [
        (at, tick.price)
        for ticks, at in heard.emissions
        for tick in ticks
        if isinstance(tick, Trade) and tick.folds
    ]
    assert told == [(at, float(price)) for at, price in plain]
    assert replayer.report.garbage == 0
    assert instant(replayer.clock.now()) == heard.emissions[-1][1]
