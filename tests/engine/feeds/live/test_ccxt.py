import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fake_ccxt
import pytest

from tio.api.errors import Busy, Misconfigured, SourceUnavailable
from tio.api.market import Coverage, Timeframe
from tio.api.series import moment
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.ccxt import (
    ASSETS,
    EVERY,
    EXCHANGE,
    NEEDS_KEY,
    Ccxt,
    exchange_of,
    open_source,
)
from tio.engine.feeds.live.ccxt_process import IDLE, LONGEST
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Lists, Polls, Spells

from fakes import FakeClock, FakeOutlet, settle

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ADDRESS = "https://www.fakex.com"


class Stage:
    """The source with a ccxt that is not the real one, and a clock moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, proxy="http://127.0.0.1:3128")
        source = open_source(Reach(self.web, self.clock, SourceSettings(base_url=ADDRESS)))
        assert isinstance(source, Ccxt)
        self.source = source
        self.process = source._process

    def asked(self) -> list[str]:
        return (self.folder / "asked.txt").read_text().splitlines()


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    modules = str(fake_ccxt.written(tmp_path))
    monkeypatch.syspath_prepend(modules)
    monkeypatch.setenv("PYTHONPATH", modules)
    found = Stage(tmp_path)
    yield found
    await found.process.close()
    await found.web.close()


@pytest.fixture
async def listed(stage: Stage) -> Stage:
    stage.source.learn(await stage.source.listing())
    return stage


def test_without_ccxt_opening_it_says_in_one_sentence_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    clock = FakeClock(NOW)
    with pytest.raises(SourceUnavailable) as told:
        open_source(Reach(Web(clock), clock))
    assert told.value.message == "ccxt is not installed: pip install 'tio[ccxt]'"


async def test_it_is_what_the_catalogue_says_and_opens_without_importing(stage: Stage) -> None:
    known = CATALOGUE["ccxt"]
    assert (known.assets, known.needs_key, known.on) == (ASSETS, NEEDS_KEY, False)
    for capability in (Spells, Lists, Polls):
        assert isinstance(stage.source, capability)
    assert "ccxt" not in sys.modules, "the process has it, tio never"
    assert not (stage.folder / "asked.txt").exists()


def test_the_exchange_is_named_by_an_address() -> None:
    assert exchange_of("") == EXCHANGE
    assert exchange_of("https://www.kucoin.com") == "kucoin"
    assert exchange_of("https://api.gemini.com/v1") == "gemini"
    assert exchange_of("https://mexc") == "mexc"
    with pytest.raises(Misconfigured, match="names no exchange"):
        exchange_of("https://127.0.0.1:80")


async def test_the_list_has_spot_pairs_that_trade_and_their_spellings(listed: Stage) -> None:
    assert listed.source.spelled("BTC-USD") == "BTC/USD"
    assert listed.source.spelled("DEAD-USD") is None
    assert listed.source.spelled("BTC-USDT") is None
    (bitcoin,) = [e for e in await listed.source.listing() if e.symbol == "BTC-USD"]
    assert (bitcoin.price_decimals, bitcoin.size_decimals, bitcoin.venue) == (2, 8, "fakex")
    assert "ccxt" not in sys.modules


async def test_quotes_go_through_the_proxy_and_one_process(listed: Stage) -> None:
    (tick,) = await listed.source.quotes(["BTC-USD", "UNKNOWN-USD"])
    assert tick.symbol == "BTC-USD"
    assert await listed.source.quotes(["UNKNOWN-USD"]) == ()
    assert listed.asked() == ["opened", "tickers BTC/USD proxy=http://127.0.0.1:3128"]


async def test_what_the_exchange_refuses_is_told_as_what_it_is(listed: Stage) -> None:
    with pytest.raises(Busy, match="fakex through ccxt: slow down"):
        await listed.source.quotes(["ETH-USD"])


async def test_bars_come_in_pages_to_the_newest_which_is_forming(listed: Stage) -> None:
    told = await listed.source.history("BTC-USD", Timeframe.m1, None, LATER, 700)
    assert told is not None
    assert len(told) == 700
    assert moment(int(told.time[-1])) == NOW
    assert told.forming
    assert told.coverage is Coverage.single_venue
    times = list(told.time)
    assert times == list(range(times[0], times[-1] + 1, 60_000_000))
    assert sum(line.startswith("candles") for line in listed.asked()) == 3


async def test_weeks_are_folded_from_days_and_whole(listed: Stage) -> None:
    told = await listed.source.history("BTC-USD", Timeframe.w1, None, NOW, 4)
    assert told is not None
    assert [moment(int(at)).weekday() for at in told.time] == [0, 0, 0, 0]
    assert list(told.volume) == [7.0, 7.0, 7.0, 5.0]
    start = NOW - timedelta(days=14)
    since = await listed.source.history("BTC-USD", Timeframe.w1, start, NOW, 400)
    assert since is not None
    assert list(since.volume) == [7.0, 5.0]


async def test_what_it_does_not_serve_is_not_asked(listed: Stage) -> None:
    asked = len(listed.asked())
    assert await listed.source.history("AAPL", Timeframe.d1, None, NOW, 10) is None
    assert await listed.source.history("BTC-USD", Timeframe.s1, None, NOW, 10) is None
    assert await listed.source.history("BTC-USD", Timeframe.d1, NOW, NOW, 10) is None
    assert len(listed.asked()) == asked
    assert await listed.source.history("BTC-USD", Timeframe.m5, None, NOW, 10) is None


async def test_a_process_that_ends_is_told_and_another_one_begun(listed: Stage) -> None:
    with pytest.raises(SourceUnavailable, match="its process has ended"):
        await listed.source.history("ETH-USD", Timeframe.d1, None, NOW, 10)
    assert len(await listed.source.quotes(["BTC-USD"])) == 1
    assert listed.asked().count("opened") == 2


async def test_an_idle_process_ends(listed: Stage) -> None:
    process = listed.process._process
    assert process is not None
    await listed.clock.advance(IDLE / 2)
    await listed.source.quotes(["BTC-USD"])
    await listed.clock.advance(IDLE / 2)
    assert process.returncode is None
    await listed.clock.advance(IDLE)
    await asyncio.wait_for(process.wait(), 10)
    assert process.returncode is not None


async def test_an_answer_that_does_not_come_is_given_up(stage: Stage) -> None:
    asking = asyncio.ensure_future(stage.process.ask("markets"))
    while stage.clock.sleepers < 2:
        await asyncio.wait((asking,), timeout=0.01)
    process = stage.process._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)  # it is there and says nothing
    await stage.clock.advance(LONGEST)
    with pytest.raises(SourceUnavailable, match="no answer in 120 seconds"):
        await asyncio.wait_for(asking, 10)
    assert process.returncode is not None


async def test_the_loop_runs_on_while_the_process_imports(stage: Stage) -> None:
    turns = 0
    asking = asyncio.ensure_future(stage.source.listing())
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert len(asking.result()) == 2


async def test_running_asks_again_and_again_and_leaves_no_process(stage: Stage) -> None:
    demand, out = Demand(), FakeOutlet()
    demand.add(["BTC-USD", "NOPE-USD"])
    running = asyncio.ensure_future(stage.source.run(demand.follow(), out))
    await asyncio.wait_for(out.came.wait(), 20)
    out.came.clear()
    await settle()
    process = stage.process._process
    assert process is not None
    await stage.clock.advance(EVERY)
    await asyncio.wait_for(out.came.wait(), 20)
    assert [tick.symbol for tick in out.ticks] == ["BTC-USD", "BTC-USD"]
    assert out.refusals == {"NOPE-USD": "fakex tells no price of it"}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert process.returncode is not None


async def test_an_exchange_ccxt_does_not_know_is_told(stage: Stage) -> None:
    settings = SourceSettings(base_url="https://nowhere.example")
    source = Ccxt(Reach(stage.web, stage.clock, settings))
    try:
        with pytest.raises(SourceUnavailable, match="knows no exchange 'nowhere'"):
            await source.listing()
    finally:
        await source._process.close()
