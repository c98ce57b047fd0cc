"""Two sources that disagree are told, after three rounds, with both figures."""

from collections.abc import Sequence

import pytest

from tio.api.market import AssetClass, Flag
from tio.api.series import instant
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.bus import Bus
from tio.engine.market.cross_check import PERIOD, CrossCheck, said_by
from tio.engine.market.market import Market
from tio.engine.market.paths import Path
from tio.plugin import Traits

from fakes import FakeClock, settle

FIRST = Traits(name="first", asset_class=AssetClass.crypto)


class Second:
    """A source that is polled."""

    def __init__(self) -> None:
        self.traits = Traits(name="second", asset_class=AssetClass.crypto)
        self.says: list[Tick] = []
        self.asked: list[Sequence[str]] = []

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        self.asked.append(symbols)
        return self.says


class Stage:
    """A board written by `first`, checked by `second`; a router and a shelf as the check sees."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.market = Market(clock, Bus(clock))
        self.second = Second()
        path = Path("BTC-USD", AssetClass.crypto, ("first", "second"), 0.0)
        path.active = "first"
        self.paths = {"BTC-USD": path}
        self.check = CrossCheck(clock, self.market, self, self)  # type: ignore[arg-type]

    @property
    def path(self) -> Path:
        return self.paths["BTC-USD"]

    def source(self, name: str) -> Second | None:
        return self.second if name == "second" else None

    def why_not(self, name: str, symbol: str) -> str:
        return ""

    def trade(self, price: float, seconds: float = 0.0) -> None:
        at = instant(self.clock.now()) + int(seconds * 1_000_000)
        tick = Trade("BTC-USD", price, 1.0, at, id=str(at))
        self.market.take([tick], FIRST, instant(self.clock.now()))

    def flags(self) -> tuple[Flag, ...]:
        return self.market.board.quote("BTC-USD").flags


@pytest.fixture
def stage(clock: FakeClock) -> Stage:
    return Stage(clock)


async def rounds(stage: Stage, price: float, count: int) -> None:
    for _ in range(count):
        stage.second.says = [DayFigures(symbol="BTC-USD", last=price)]
        await stage.check.look()


async def test_disagreement_is_told_after_three_rounds_with_both_figures(stage: Stage) -> None:
    stage.trade(100.0)
    await rounds(stage, 101.8, 2)
    assert stage.market.board.quote("BTC-USD").note == ""
    await rounds(stage, 101.8, 1)
    quote = stage.market.board.quote("BTC-USD")
    assert quote.note == "first and second 1.8 % apart (second says 101.8)"
    assert Flag.disagrees in quote.flags
    assert quote.last == 100.0
    assert stage.path.note == quote.note


async def test_agreement_takes_it_back_at_once(stage: Stage) -> None:
    stage.trade(100.0)
    await rounds(stage, 105.0, 3)
    await rounds(stage, 100.1, 1)
    assert stage.market.board.quote("BTC-USD").note == ""
    assert Flag.disagrees not in stage.flags()


async def test_a_wide_spread_is_no_disagreement(stage: Stage) -> None:
    now = instant(stage.clock.now())
    stage.market.take([TopOfBook("BTC-USD", 99.0, 101.0, at=now)], FIRST, now)
    await rounds(stage, 104.0, 5)
    assert stage.market.board.quote("BTC-USD").note == ""


async def test_a_delayed_price_is_compared_with_the_minutes_of_its_own_time(
    stage: Stage,
) -> None:
    began = instant(stage.clock.now())
    stage.trade(100.0)
    await stage.clock.advance(900.0)
    stage.trade(130.0)
    for _ in range(3):
        stage.second.says = [DayFigures(symbol="BTC-USD", at=began, last=100.05)]
        await stage.check.look()
    assert stage.market.board.quote("BTC-USD").note == ""
    for _ in range(3):
        stage.second.says = [DayFigures(symbol="BTC-USD", at=began, last=130.0)]
        await stage.check.look()
    assert "30.0 % apart" in stage.market.board.quote("BTC-USD").note


async def test_a_price_of_a_time_we_know_nothing_of_says_nothing(stage: Stage) -> None:
    stage.trade(100.0)
    old = instant(stage.clock.now()) - 86_400_000_000
    for _ in range(3):
        stage.second.says = [DayFigures(symbol="BTC-USD", at=old, last=50.0)]
        await stage.check.look()
    assert stage.market.board.quote("BTC-USD").note == ""


def test_the_mid_says_more_than_the_last() -> None:
    said = said_by([DayFigures(symbol="A", last=9.0), TopOfBook("A", 10.0, 12.0)])
    assert said["A"].price == 11.0


async def test_a_round_that_fails_is_not_the_last(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    answers = stage.second.quotes

    async def broken(symbols: Sequence[str]) -> Sequence[Tick]:
        stage.second.quotes = answers  # type: ignore[method-assign]
        raise KeyError("a field the venue renamed")

    stage.trade(100.0)
    stage.second.quotes = broken  # type: ignore[method-assign]
    stage.check.start()
    await settle()
    await stage.clock.advance(PERIOD)
    await stage.clock.advance(PERIOD)
    await stage.check.close()
    assert len(stage.second.asked) == 1
    assert "a round of the cross-check failed" in caplog.text
