"""The stored past through its words, on the engine of a workspace that keeps bars."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tio.api.contract import Engine
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.files import ImportBars
from tio.api.market import GetBars, Timeframe
from tio.api.past import ExportBars, FillBars, FindGaps, ImportLake, ListStoredBars, PruneBars
from tio.api.system import Job, Jobs, JobState, ListJobs
from tio.config import Config, History
from tio.engine.local import LocalEngine
from tio.engine.market.history_desk import RETENTION_AFTER
from tio.engine.store import lake
from tio.paths import Paths

from fakes import FakeClock

FIRST = datetime(2025, 1, 6, tzinfo=UTC)


def daily(path: Path, days: int, without: frozenset[int] = frozenset()) -> Path:
    """A file of daily bars of AAPL from 6 January 2025 on, weekends and those days left out."""
    lines = ["Date,Open,High,Low,Close,Volume"]
    for number in range(days):
        on = FIRST + timedelta(days=number)
        if on.weekday() < 5 and number not in without:
            price = 100 + number
            lines.append(f"{on:%Y-%m-%d},{price},{price + 1},{price - 1},{price},1000")
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
async def engine(home: Path) -> AsyncIterator[Engine]:
    local = LocalEngine(Paths.find().workspace("main"), Config())
    await local.start()
    yield local.session()
    await local.close()


async def imported(engine: Engine, tmp_path: Path, without: frozenset[int] = frozenset()) -> None:
    file = daily(tmp_path / "aapl.csv", 30, without)
    asked = ImportBars(str(file), "AAPL", Timeframe.d1, zone="America/New_York")
    await engine.ask(asked)


async def ended(engine: Engine, job: Job) -> Job:
    async with asyncio.timeout(10), engine.watch(Jobs()) as items:
        async for item in items:
            for told in item.value:
                if told.id == job.id and told.state is not JobState.running:
                    return told
    raise AssertionError("the watch ended")


async def test_what_is_stored_is_listed_with_its_bounds(engine: Engine, tmp_path: Path) -> None:
    await imported(engine, tmp_path)
    (series,) = await engine.ask(ListStoredBars())
    assert (series.symbol, series.bars) == ("AAPL", 22)
    assert (series.first, series.last) == (FIRST, FIRST + timedelta(days=29))


async def test_a_missing_session_is_found_a_holiday_is_not(engine: Engine, tmp_path: Path) -> None:
    # 9 January 2025 was a day of mourning, 20 January Martin Luther King's: both are left out.
    await imported(engine, tmp_path, frozenset({3, 14, 22}))
    (report,) = await engine.ask(FindGaps("AAPL"))
    assert report.missing == 1
    (gap,) = report.gaps
    assert gap.start <= FIRST + timedelta(days=22) < gap.end
    assert not gap.asked


async def test_pruning_tells_first_and_takes_out_only_when_told_to(
    engine: Engine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path)
    report = await engine.ask(PruneBars(Timeframe.d1, 1))
    assert (report.bars, report.dry_run) == (22, True)
    (kept,) = await engine.ask(ListStoredBars())
    assert kept.bars == 22
    archive = tmp_path / "archive"
    done = await engine.ask(PruneBars(Timeframe.d1, 1, archive=str(archive), dry_run=False))
    assert done.bars == 22
    assert await engine.ask(ListStoredBars()) == ()
    back = await engine.ask(ImportLake(str(archive)))
    assert back.bars == 22
    bars = await engine.ask(GetBars("AAPL", Timeframe.d1))
    closes = list(bars.close)
    assert (closes[0], closes[-1]) == (100.0, 129.0)


async def test_what_cannot_be_archived_stays_and_the_rest_is_pruned(
    engine: Engine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path)
    file = daily(tmp_path / "msft.csv", 30)
    await engine.ask(ImportBars(str(file), "MSFT", Timeframe.d1, zone="America/New_York"))
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "symbol=AAPL").write_text("in the way")
    done = await engine.ask(PruneBars(Timeframe.d1, 1, archive=str(archive), dry_run=False))
    assert [each.symbol for each in done.pruned] == ["MSFT"]
    assert [each.symbol for each in await engine.ask(ListStoredBars())] == ["AAPL"]
    with pytest.raises(Conflict, match="cannot be written"):
        await engine.ask(PruneBars(Timeframe.d1, 1, archive=str(archive), dry_run=False))


async def test_a_bar_that_comes_while_old_ones_are_archived_is_archived_too(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await imported(engine, tmp_path, frozenset({1}))
    loop, write = asyncio.get_running_loop(), lake.write
    written = []

    def meanwhile(*args: Any, **options: Any) -> int:
        count = write(*args, **options)
        written.append(len(args[3]))
        if len(written) == 1:
            asyncio.run_coroutine_threadsafe(imported(engine, tmp_path), loop).result(10)
        return count

    monkeypatch.setattr(lake, "write", meanwhile)
    archive = tmp_path / "archive"
    done = await engine.ask(PruneBars(Timeframe.d1, 1, archive=str(archive), dry_run=False))
    assert (written, done.bars) == ([21, 22], 22)
    assert await engine.ask(ListStoredBars()) == ()
    assert (await engine.ask(ImportLake(str(archive)))).bars == 22


async def test_bars_that_never_stop_coming_stay_when_they_are_to_be_archived(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await imported(engine, tmp_path, frozenset({1}))
    loop, write = asyncio.get_running_loop(), lake.write
    sizes = itertools.count(1)

    def meanwhile(*args: Any, **options: Any) -> int:
        file = daily(tmp_path / "more.csv", 30)
        size = 1_000 + next(sizes)
        file.write_text(file.read_text().replace(",1000", f",{size}"))
        asked = ImportBars(str(file), "AAPL", Timeframe.d1, zone="America/New_York")
        asyncio.run_coroutine_threadsafe(engine.ask(asked), loop).result(10)
        return write(*args, **options)

    monkeypatch.setattr(lake, "write", meanwhile)
    with pytest.raises(Conflict, match="came while they were archived"):
        await engine.ask(
            PruneBars(Timeframe.d1, 1, archive=str(tmp_path / "archive"), dry_run=False)
        )
    (kept,) = await engine.ask(ListStoredBars())
    assert kept.bars == 22


async def test_a_lake_gives_back_the_symbols_asked_for_in_any_spelling(
    engine: Engine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path)
    folder = tmp_path / "lake"
    await engine.ask(ExportBars(str(folder)))
    await engine.ask(PruneBars(Timeframe.d1, 1, dry_run=False))
    assert (await engine.ask(ImportLake(str(folder), (" aapl",)))).bars == 22


async def test_a_lake_gives_back_what_what_went_in(engine: Engine, tmp_path: Path) -> None:
    await imported(engine, tmp_path)
    before = await engine.ask(GetBars("AAPL", Timeframe.d1))
    folder = tmp_path / "lake"
    told = await engine.ask(ExportBars(str(folder)))
    assert (told.files, told.bars) == (1, 22)
    assert (folder / "symbol=AAPL" / "year=2025").is_dir()
    await engine.ask(PruneBars(Timeframe.d1, 1, dry_run=False))
    await engine.ask(ImportLake(str(folder)))
    after = await engine.ask(GetBars("AAPL", Timeframe.d1))
    assert after == before


async def test_a_folder_without_bars_is_refused_with_words(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds no bars"):
        await engine.ask(ImportLake(str(tmp_path)))
    with pytest.raises(NotFound, match="no folder"):
        await engine.ask(ImportLake(str(tmp_path / "nowhere")))
    with pytest.raises(Invalid, match="absolute"):
        await engine.ask(ExportBars("bars"))


async def test_a_broken_file_of_a_lake_is_named(engine: Engine, tmp_path: Path) -> None:
    place = tmp_path / "symbol=AAPL" / "year=2025"
    place.mkdir(parents=True)
    (place / "1d-csv.parquet").write_bytes(b"not parquet")
    with pytest.raises(Invalid, match=r"1d-csv\.parquet cannot be read"):
        await engine.ask(ImportLake(str(tmp_path)))


async def test_a_fill_nobody_can_serve_ends_with_the_reason(engine: Engine, tmp_path: Path) -> None:
    await imported(engine, tmp_path)
    job = await ended(engine, await engine.ask(FillBars(("AAPL",))))
    assert job.state is JobState.failed
    assert job.reason == "no source tells the past of AAPL"


async def test_a_fill_asked_for_again_with_its_write_key_begins_no_other(
    engine: Engine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path)
    first = await engine.ask(FillBars(("AAPL",)), key="once-only")
    assert await engine.ask(FillBars(("AAPL",)), key="once-only") == first
    assert [job.id for job in await engine.ask(ListJobs())] == [first.id]
    with pytest.raises(Conflict, match="already used"):
        await engine.ask(FillBars(("AAPL",), Timeframe.m1), key="once-only")


async def test_retention_prunes_what_config_says_and_archives_it(
    home: Path, tmp_path: Path
) -> None:
    clock = FakeClock()
    archive = tmp_path / "archive"
    config = Config(history=History(keep={"1d": 100}, archive=str(archive)))
    local = LocalEngine(Paths.find().workspace("main"), config, wall=clock)
    await local.start()
    engine = local.session()
    await imported(engine, tmp_path)
    (before,) = await engine.ask(ListStoredBars())
    assert before.bars == 22
    await clock.advance(RETENTION_AFTER)
    async with asyncio.timeout(10):
        stored = await engine.ask(ListStoredBars())
        while stored:
            stored = await engine.ask(ListStoredBars())
    assert (archive / "symbol=AAPL" / "year=2025" / "1d-csv.parquet").exists()
    await local.close()


async def test_the_demo_stores_nothing_and_says_so(home: Path) -> None:
    local = LocalEngine(Paths.find().workspace("demo"), Config())
    await local.start()
    try:
        with pytest.raises(Conflict, match="the demo keeps no bars"):
            await local.session().ask(ListStoredBars())
    finally:
        await local.close()
