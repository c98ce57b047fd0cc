import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.csv_folder import PLUGIN, CsvFile, CsvFolder, Row
from tio.api.market import Instrument, Timeframe
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import Tick, Trade
from tio.plugin import Traits

from fakes import FakeClock, settle

HEADER = "time,open,high,low,close,volume\n"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = "2026-03-02T09:00:00Z,10,12,9,11,100\n"
SECOND = "2026-03-02T09:01:00Z,11,11.5,8,9,50\n"


class Watched:
    def __init__(self, *symbols: str) -> None:
        self.symbols = frozenset(symbols)

    async def changed(self) -> None:
        await asyncio.Event().wait()


class Heard:
    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.came = asyncio.Event()

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        self.ticks += ticks
        self.came.set()

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        raise AssertionError("it introduces nothing")

    def refused(self, symbol: str, reason: str) -> None:
        raise AssertionError(reason)

    def standing(self, state: SourceState, reason: str = "") -> None:
        raise AssertionError(reason)

    def frame(self, url: str, text: str) -> None:
        raise AssertionError("a folder has no frames")

    async def next(self) -> list[Trade]:
        await self.came.wait()
        self.came.clear()
        ticks, self.ticks = self.ticks, []
        return [tick for tick in ticks if isinstance(tick, Trade)]


class TellingClock(FakeClock):
    """Tells when somebody has gone to sleep on it."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.slept = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.set()
        await super().sleep(seconds)


class Looking:
    """A source that runs; `look` lets it look once more and gives what it said."""

    def __init__(self, clock: TellingClock, heard: Heard) -> None:
        self.clock, self.heard = clock, heard

    async def look(self) -> list[Trade]:
        await self.clock.slept.wait()
        self.clock.slept.clear()
        await self.clock.advance(1)
        await self.clock.slept.wait()
        ticks, self.heard.ticks = self.heard.ticks, []
        return [tick for tick in ticks if isinstance(tick, Trade)]


@asynccontextmanager
async def looking(folder: Path, *symbols: str) -> AsyncIterator[Looking]:
    clock = TellingClock(NINE + timedelta(hours=1))
    source, heard = CsvFolder({"folder": str(folder)}, clock), Heard()
    task = asyncio.create_task(source.run(Watched(*symbols), heard))
    try:
        yield Looking(clock, heard)
    finally:
        task.cancel()
        await settle()


def test_each_file_is_an_instrument(tmp_path: Path) -> None:
    for name in ("AAPL.csv", "BTC-USD.csv", "notes.txt", "a b.csv", "\x1b[2J.csv"):
        (tmp_path / name).write_text(HEADER)

    source = PLUGIN.sources[0]({"folder": str(tmp_path)}, FakeClock())

    assert [i.symbol for i in source.instruments()] == ["AAPL", "BTC-USD"]


@pytest.mark.parametrize("settings", [{}, {"folder": ""}, {"folder": "/nowhere/at/all"}])
def test_without_a_folder_it_says_which_setting_is_missing(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"plugins\.settings\.csv_folder"):
        CsvFolder(settings, FakeClock())


async def test_rows_already_there_set_the_price_and_fold_into_no_bar(tmp_path: Path) -> None:
    (tmp_path / "AAPL.csv").write_text(HEADER + FIRST + SECOND)

    async with looking(tmp_path, "AAPL") as run:
        ticks = await run.heard.next()

    assert [(t.symbol, t.price, t.folds) for t in ticks] == [("AAPL", 9.0, False)]


async def test_an_appended_row_plays_as_its_four_prices_in_its_span(tmp_path: Path) -> None:
    file = tmp_path / "AAPL.csv"
    file.write_text(HEADER + FIRST)

    async with looking(tmp_path, "AAPL") as run:
        await run.heard.next()
        with file.open("a") as appended:
            appended.write(SECOND + "2026-03-02T09:02:00Z,9,13,9,12,70\n")
        ticks = await run.look()

    assert [t.price for t in ticks] == [11, 11.5, 8, 9, 9, 9, 13, 12]
    assert [t.size for t in ticks] == [0, 0, 0, 50, 0, 0, 0, 70]
    assert all(t.folds for t in ticks)
    opens = instant(NINE + timedelta(minutes=1))
    assert all(opens <= t.at < opens + Timeframe.m1.step for t in ticks[:4])
    assert [t.at for t in ticks] == sorted(t.at for t in ticks)


async def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    file = tmp_path / "AAPL.csv"
    file.write_text(HEADER + FIRST)

    async with looking(tmp_path, "AAPL") as run:
        await run.heard.next()
        with file.open("a") as appended:
            appended.write(SECOND[:30])
        assert await run.look() == []
        with file.open("a") as appended:
            appended.write(SECOND[30:])
        assert len(await run.look()) == 4


@pytest.mark.parametrize("how", ["replaced", "shortened"])
async def test_a_rewritten_file_says_nothing_twice(tmp_path: Path, how: str) -> None:
    file = tmp_path / "AAPL.csv"
    file.write_text(HEADER + FIRST + SECOND)

    async with looking(tmp_path, "AAPL") as run:
        await run.heard.next()
        third = "2026-03-02T09:02:00Z,9,13,9,12,70\n"
        if how == "replaced":
            (tmp_path / "new").write_text(HEADER + FIRST + SECOND + third)
            (tmp_path / "new").replace(file)
        else:
            file.write_text(HEADER + third)
        ticks = await run.look()

    assert [t.price for t in ticks] == [9, 9, 13, 12]


async def test_every_file_is_read_watched_or_not(tmp_path: Path) -> None:
    for name in ("AAPL", "MSFT"):
        (tmp_path / f"{name}.csv").write_text(HEADER + FIRST)

    async with looking(tmp_path, "MSFT") as run:
        ticks = await run.heard.next()

    assert {t.symbol for t in ticks} == {"AAPL", "MSFT"}


async def test_a_row_given_twice_plays_once(tmp_path: Path) -> None:
    file = tmp_path / "AAPL.csv"
    file.write_text(HEADER)

    async with looking(tmp_path) as run:
        assert await run.look() == []
        with file.open("a") as appended:
            appended.write(FIRST)
        assert len(await run.look()) == 4
        with file.open("a") as appended:
            appended.write(FIRST + SECOND)
        assert [t.price for t in await run.look()] == [11, 11.5, 8, 9]


async def test_a_file_that_vanishes_and_a_file_that_comes_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "AAPL.csv").write_text(HEADER + FIRST)

    async with looking(tmp_path, "AAPL", "MSFT") as run:
        await run.heard.next()
        (tmp_path / "AAPL.csv").unlink()
        (tmp_path / "MSFT.csv").write_text(HEADER + SECOND)
        ticks = await run.look()

    assert [(t.symbol, t.price) for t in ticks] == [("MSFT", 9.0)]


async def test_a_file_that_cannot_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "AAPL.csv").write_text(HEADER + FIRST)

    def refuse(file: CsvFile) -> list[Row]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(CsvFile, "rows", refuse)
    async with looking(tmp_path) as run:
        assert await run.look() == []
        assert await run.look() == []

    assert caplog.text.count("AAPL.csv: Permission denied") == 1


async def test_history_gives_the_newest_bars_of_the_range(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-02T09:0{m}:00Z,10,12,9,11,{m}\n" for m in (0, 2, 1, 3, 4))
    (tmp_path / "AAPL.csv").write_text(HEADER + rows + FIRST.replace("100", "7"))
    source = CsvFolder({"folder": str(tmp_path)}, FakeClock())
    end = NINE + timedelta(minutes=4)

    bars = await source.history("AAPL", Timeframe.m1, None, end, 2)
    assert bars is not None
    assert list(bars.volume) == [2, 3]

    every = await source.history("AAPL", Timeframe.m1, NINE, end, 100)
    assert every is not None
    assert list(every.volume) == [7, 1, 2, 3]  # of two rows with one time the last counts
    assert list(every.time) == [instant(NINE + timedelta(minutes=m)) for m in range(4)]


async def test_history_it_does_not_have_is_none(tmp_path: Path) -> None:
    (tmp_path / "AAPL.csv").write_text(HEADER + FIRST)
    source = CsvFolder({"folder": str(tmp_path)}, FakeClock())

    assert await source.history("MSFT", Timeframe.m1, None, NINE, 5) is None
    assert await source.history("../AAPL", Timeframe.m1, None, NINE, 5) is None
    assert await source.history("AAPL", Timeframe.h1, None, NINE, 5) is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-03-02T09:00:00Z,10,9,8,9,1", "low ≤ open"),
        ("2026-03-02T09:00:00Z,10,12,9,nan,1", "above zero"),
        ("2026-03-02T09:00:00Z,10,12,0,11,1", "above zero"),
        ("yesterday,10,12,9,11,1", "isoformat"),
        ("2026-03-02T09:00:00Z,ten,12,9,11,1", "float"),
        ("2026-03-02T09:00:00Z,10", "index"),
        ("\x1b]0;t\x07,10,12,9,11,1", "isoformat"),
    ],
)
def test_a_bad_row_is_logged_with_its_line_and_the_rest_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, row: str, why: str
) -> None:
    (tmp_path / "AAPL.csv").write_text(HEADER + row + "\n" + SECOND)

    rows = CsvFile(tmp_path / "AAPL.csv", UTC).all_rows()

    assert [r.close for r in rows] == [9]
    assert "AAPL.csv:2:" in caplog.text
    assert why in caplog.text
    assert "\x1b" not in caplog.text


def test_a_file_without_its_header_gives_nothing_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "AAPL.csv").write_text("date,o,h\n" + FIRST)

    assert CsvFile(tmp_path / "AAPL.csv", UTC).all_rows() == []
    assert "the header lacks time, open" in caplog.text


@pytest.mark.parametrize(
    "time", ["2026-03-02T10:00:00+01:00", "2026-03-02 09:00", "1772442000", "1772442000000"]
)
def test_times_of_every_spelling_are_one_instant(tmp_path: Path, time: str) -> None:
    (tmp_path / "A.csv").write_text(f"\ufeffClose,Open,High,Low,Time\n1,1,1,1,{time}\n")

    (row,) = CsvFile(tmp_path / "A.csv", UTC).all_rows()

    assert row.at == instant(NINE)
    assert row.volume != row.volume
