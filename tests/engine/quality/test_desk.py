"""Faults and repairs through their words, in this process and across the socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tio.api.companies import CorporateEvent, EventKind
from tio.api.contract import Engine
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import Adjustment, GetBars, Timeframe
from tio.api.quality import (
    FaultKind,
    FaultReport,
    FindFaults,
    ListRepairs,
    RepairBars,
    UndoRepair,
)
from tio.api.series import instant, moment
from tio.config import Config
from tio.engine.local import LocalEngine
from tio.engine.store import market_schema
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Columns, Row
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database, Durability
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

SHARE, VENUE = "SHARE.L", "venue"
FIRST = datetime(2015, 1, 5, tzinfo=UTC)
DAYS = 1_500
HUNDREDFOLD = 400
EMPTY = 700
RANGELESS = 900


def bars(days: int = DAYS) -> Columns:
    """Bars of a calm share: one a hundred times too high, one of nothing, one without a range."""
    rows: list[Row] = []
    on = FIRST
    for number in range(days):
        price = 100 + 0.01 * number + 0.3 * (number * 7 % 5 - 2)
        row = [price, price + 1, price - 1, price + 0.2]
        if number == HUNDREDFOLD:
            row = [figure * 100 for figure in row]
        if number == EMPTY:
            row = [0.0, 0.0, 0.0, 0.0]
        if number == RANGELESS:
            row = [price, price + 1, price - 1, price + 5]
        rows.append((instant(on), *row, 1_000.0 + number))  # type: ignore[arg-type]
        on += timedelta(days=3 if on.weekday() == 4 else 1)
    return Columns.of_rows(rows)


@pytest.fixture
async def local(home: Path) -> AsyncIterator[LocalEngine]:
    """An engine that found these bars in its store."""
    place = Paths.find().workspace("main")
    place.make_folders()
    database = Database(place.market_db, Durability.normal, market_schema.STEPS)
    await database.open()
    terms = Terms(adjusted=Adjustment.splits)
    await BarStore(database).append(SHARE, VENUE, Timeframe.d1, bars(), terms)
    await database.close()
    engine = LocalEngine(place, Config())
    await engine.start()
    yield engine
    await engine.close()


@pytest.fixture(params=["local", "remote"])
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    if request.param == "local":
        yield local.session()
        return
    place = Paths.find().workspace("main")
    server = Server(local, Door.open(place.socket))
    await server.start()
    remote = await RemoteEngine.open(place.socket)
    yield remote
    await remote.close()
    await server.close()


async def found(engine: Engine) -> FaultReport:
    (report,) = await engine.ask(FindFaults(SHARE, limit=1_000))
    return report


def named(report: FaultReport, kind: FaultKind) -> str:
    (name,) = [fault.id for fault in report.faults if fault.kind is kind]
    return name


async def rows(engine: Engine) -> list[tuple[float | None, ...]]:
    bars = await engine.ask(GetBars(SHARE, Timeframe.d1, limit=5_000, adjusted=Adjustment.raw))
    columns = (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return list(zip(*columns, strict=True))


async def test_planted_faults_are_found_and_told_apart(engine: Engine) -> None:
    report = await found(engine)
    counts = {kind: count for kind, count in report.counts.items() if kind != "gap"}
    assert counts["unit_error"] == 1
    assert counts["outside_range"] == 1
    assert "spike" not in counts
    (unit,) = [fault for fault in report.faults if fault.kind is FaultKind.unit_error]
    assert unit.sure
    assert "pence" in unit.why


async def test_a_preview_changes_nothing(engine: Engine) -> None:
    before = await rows(engine)
    name = named(await found(engine), FaultKind.unit_error)
    shown = await engine.ask(RepairBars(SHARE, Timeframe.d1, VENUE, (name,)))
    assert shown.id == 0
    (change,) = shown.changes
    assert change.after is not None
    assert change.before.close is not None
    assert change.after.close == pytest.approx(change.before.close / 100)
    assert await rows(engine) == before
    assert await engine.ask(ListRepairs()) == ()


async def test_a_repair_is_made_remembered_and_undone_exactly(engine: Engine) -> None:
    before = await rows(engine)
    made = await engine.ask(RepairBars(SHARE, Timeframe.d1, VENUE, all=True, dry_run=False))
    after = await rows(engine)
    assert made.id == 1
    assert after != before
    report = await found(engine)
    assert "unit_error" not in report.counts
    assert report.counts["outside_range"] == 1, "a guess is not made unasked"
    bars_ = await engine.ask(GetBars(SHARE, Timeframe.d1, limit=5_000))
    assert list(bars_.repaired) == [instant(change.time) for change in made.changes if change.after]
    (kept,) = await engine.ask(ListRepairs(SHARE))
    assert (kept.id, kept.bars, kept.undone) == (1, made.bars, None)
    undone = await engine.ask(UndoRepair(1))
    assert undone.undone is not None
    assert await rows(engine) == before
    assert not len((await engine.ask(GetBars(SHARE, Timeframe.d1))).repaired)
    assert (await engine.ask(UndoRepair(1))).undone == undone.undone


async def test_a_guess_is_made_when_it_is_named(engine: Engine) -> None:
    name = named(await found(engine), FaultKind.outside_range)
    asked = RepairBars(SHARE, Timeframe.d1, VENUE, (name,), dry_run=False)
    made = await engine.ask(asked)
    assert made.faults == (name,)
    assert "outside_range" not in (await found(engine)).counts


async def test_the_same_ask_said_twice_repairs_once(engine: Engine) -> None:
    asked = RepairBars(SHARE, Timeframe.d1, VENUE, all=True, dry_run=False)
    first = await engine.ask(asked, key="one")
    with pytest.raises(NotFound, match="no fault"):
        await engine.ask(asked, key="two")
    assert [made.id for made in await engine.ask(ListRepairs())] == [first.id]


async def test_bars_told_anew_since_are_not_overwritten_by_an_undo(local: LocalEngine) -> None:
    engine = local.session()
    made = await engine.ask(RepairBars(SHARE, Timeframe.d1, VENUE, all=True, dry_run=False))
    store = BarStore(local._history)
    await store.append(SHARE, VENUE, Timeframe.d1, bars()[HUNDREDFOLD : HUNDREDFOLD + 1])
    told = await engine.ask(GetBars(SHARE, Timeframe.d1, limit=5_000))
    assert len(told.repaired) == 0
    with pytest.raises(Conflict, match=r"1 bars of SHARE\.L 1d are not what they were"):
        await engine.ask(UndoRepair(made.id))


async def test_what_cannot_be_repaired_is_said(engine: Engine) -> None:
    with pytest.raises(Invalid, match="name the faults"):
        await engine.ask(RepairBars(SHARE, Timeframe.d1, VENUE))
    with pytest.raises(NotFound, match="no fault 'spike@2020"):
        await engine.ask(RepairBars(SHARE, Timeframe.d1, VENUE, ("spike@2020-01-01",)))
    with pytest.raises(NotFound, match="no 1m bars"):
        await engine.ask(RepairBars(SHARE, Timeframe.m1, VENUE, all=True))
    with pytest.raises(NotFound, match="there is no repair 77"):
        await engine.ask(UndoRepair(77))


async def test_a_dividend_in_the_wrong_unit_is_counted_right_and_undone(
    local: LocalEngine,
) -> None:
    engine = local.session()
    events = CompanyStore(local._history)
    told = CorporateEvent(
        symbol=SHARE,
        kind=EventKind.dividend,
        ex_date=moment(int(bars().time[200])).date(),
        amount=40.0,
        source=VENUE,
    )
    await events.add_events(SHARE, VENUE, [told], 1)
    name = named(await found(engine), FaultKind.dividend_unit)
    asked = RepairBars(SHARE, Timeframe.d1, VENUE, (name,), dry_run=False)
    made = await engine.ask(asked)
    assert [(event.before, event.after) for event in made.events] == [(40.0, 0.4)]
    (counted,) = await events.events(SHARE)
    assert counted.amount == pytest.approx(0.4)
    assert counted.source == "tio repair"
    await events.add_events(SHARE, VENUE, [told], 2)
    assert (await events.events(SHARE))[0].amount == pytest.approx(0.4)
    await engine.ask(UndoRepair(made.id))
    assert await events.events(SHARE) == (told,)
