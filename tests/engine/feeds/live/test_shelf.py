"""Which live sources can be used, and what venues list."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.feeds.live.catalogue import Known
from tio.engine.feeds.live.shelf import LIST_AGAIN, LIST_LASTS, LiveShelf
from tio.engine.store.listings import Listing
from tio.plugin import Outlet, Source, Traits, Wanted

from fakes import FakeClock, settle


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


CRYPTO = frozenset({AssetClass.crypto})
CATALOGUE = {
    "open": Known("open", CRYPTO),
    "listed": Known("listed", CRYPTO),
    "keyed": Known("keyed", CRYPTO, needs_key=("key",)),
    "shy": Known("shy", CRYPTO, on=False),
}


class Plain:
    """A source that serves whatever it is asked for."""

    def __init__(self, name: str) -> None:
        self.traits = Traits(name=name)

    def instruments(self) -> Sequence[Instrument]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        await asyncio.Event().wait()

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


class Listed(Plain):
    """A source that serves what its list names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.answers: list[Sequence[Instrument] | Exception] = []
        self.asked = 0
        self._known: dict[str, str] = {}

    async def listing(self) -> Sequence[Instrument]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def learn(self, listed: Sequence[Instrument]) -> None:
        self._known = {each.symbol: each.spellings[self.traits.name] for each in listed}

    def spelled(self, symbol: str) -> str | None:
        return self._known.get(symbol)


class FakeLists:
    """Lists kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Listing] = {}

    async def get(self, source: str) -> Listing | None:
        return self.kept.get(source)

    async def put(self, source: str, at: int, instruments: Sequence[Instrument]) -> None:
        self.kept[source] = Listing(at, tuple(instruments))


def pair(symbol: str) -> Instrument:
    return Instrument(symbol=symbol, spellings={"listed": symbol.replace("-", "/")})


class Stage:
    """A shelf over the small catalogue."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.listed = Listed("listed")
        self.listed.answers = [(pair("BTC-USD"),)]
        self.lists = FakeLists()
        self.keys: dict[tuple[str, str], str] = {}
        self.opened: list[str] = []
        self.configured: Callable[[str], bool | None] = lambda name: None
        self.shelf = LiveShelf(
            clock,
            self.open,
            lambda name: self.configured(name),
            lambda source, field: self.keys.get((source, field), ""),
            self.lists,
            CATALOGUE,
        )

    def open(self, name: str) -> Source:
        self.opened.append(name)
        return self.listed if name == "listed" else Plain(name)


async def test_a_source_is_opened_once_and_only_when_needed(clock: FakeClock) -> None:
    stage = Stage(clock)
    assert stage.opened == []
    first, again = stage.shelf.source("open"), stage.shelf.source("open")
    assert first is again
    assert stage.opened == ["open"]


async def test_a_source_without_its_key_says_how_to_give_it(clock: FakeClock) -> None:
    stage = Stage(clock)
    assert stage.shelf.unusable("keyed") == "no key: tio keys set keyed"
    assert stage.shelf.lacks("keyed") == ("key",)
    assert stage.shelf.source("keyed") is None
    stage.keys["keyed", "key"] = "hush"
    assert stage.shelf.source("keyed") is not None


async def test_a_person_s_switch_wins_over_config_and_config_over_the_default(
    clock: FakeClock,
) -> None:
    stage = Stage(clock)
    assert stage.shelf.unusable("shy") == "switched off"
    stage.configured = lambda name: True
    assert stage.shelf.unusable("shy") == ""
    stage.shelf.switches["shy"] = False
    assert stage.shelf.unusable("shy") == "switched off"


async def test_offline_nothing_is_opened_and_the_reason_is_told(clock: FakeClock) -> None:
    opened: list[str] = []

    def opens(name: str) -> Source:
        opened.append(name)
        return Plain(name)

    shelf = LiveShelf(
        clock, opens, lambda _: None, lambda *_: "", FakeLists(), CATALOGUE, "offline"
    )
    assert shelf.why_not("open", "BTC-USD") == "offline"
    assert opened == []


async def test_a_list_is_asked_for_when_first_needed_and_then_answers(clock: FakeClock) -> None:
    stage = Stage(clock)
    heard: list[str] = []
    stage.shelf.on_listed = lambda name, listed: heard.extend(each.symbol for each in listed)
    assert stage.shelf.awaits_list("listed")
    assert "not here yet" in stage.shelf.why_not("listed", "BTC-USD")
    await settle()
    assert heard == ["BTC-USD"]
    assert stage.shelf.why_not("listed", "BTC-USD") == ""
    assert stage.shelf.why_not("listed", "DOGE-USD") == "does not list it"
    await stage.shelf.close()


async def test_a_kept_list_serves_at_once_and_is_renewed_when_a_day_old(
    clock: FakeClock,
) -> None:
    stage = Stage(clock)
    stage.lists.kept["listed"] = Listing(instant(clock.now()), (pair("ETH-USD"),))
    stage.shelf.awaits_list("listed")
    await settle()
    assert stage.shelf.why_not("listed", "ETH-USD") == ""
    assert stage.listed.asked == 0
    await clock.advance(24 * 3_600.0 + 1)
    assert stage.listed.asked == 1
    assert stage.shelf.why_not("listed", "BTC-USD") == ""
    await stage.shelf.close()


async def test_a_list_that_cannot_be_had_is_asked_for_ever_more_slowly(clock: FakeClock) -> None:
    stage = Stage(clock)
    stage.listed.answers = [SourceUnavailable("no network")]
    stage.shelf.awaits_list("listed")
    await clock.advance(24 * 3_600.0)
    assert 20 < stage.listed.asked < 40
    await stage.shelf.close()


async def test_a_source_with_another_key_is_opened_anew(clock: FakeClock) -> None:
    stage = Stage(clock)
    stage.shelf.source("open")
    stage.shelf.reopen("open")
    stage.shelf.source("open")
    assert stage.opened == ["open", "open"]


async def test_an_answer_nobody_foresaw_does_not_end_the_asking_for_lists(
    clock: FakeClock,
) -> None:
    stage = Stage(clock)
    stage.listed.answers = [KeyError("a field the venue renamed"), (pair("BTC-USD"),)]
    assert stage.shelf.awaits_list("listed")
    await settle()
    assert "a field the venue renamed" in stage.shelf.why_not("listed", "BTC-USD")
    await clock.advance(LIST_AGAIN)
    await settle()
    assert stage.shelf.why_not("listed", "BTC-USD") == ""
    await stage.shelf.close()


async def test_a_disk_that_keeps_no_list_takes_none_away(clock: FakeClock) -> None:
    class Full(FakeLists):
        async def get(self, source: str) -> Listing | None:
            raise SourceUnavailable("the disk is damaged")

        async def put(self, source: str, at: int, instruments: Sequence[Instrument]) -> None:
            raise SourceUnavailable("the disk is full")

    stage = Stage(clock)
    stage.shelf._lists = Full()
    assert stage.shelf.awaits_list("listed")
    await settle()
    assert stage.shelf.why_not("listed", "BTC-USD") == ""
    await clock.advance(LIST_LASTS / 1_000_000)
    await settle()
    assert stage.listed.asked == 2
    await stage.shelf.close()


async def test_a_source_that_cannot_be_opened_says_why_and_harms_no_other(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(clock)

    def opened(name: str) -> Source:
        if name == "open":
            raise ValueError("an address without a host")
        return Plain(name)

    stage.shelf._open = opened
    assert stage.shelf.source("open") is None
    assert stage.shelf.unusable("open") == "an address without a host"
    assert "could not be opened" in caplog.text
    assert stage.shelf.awaits_list("open") is False
