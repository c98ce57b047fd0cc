"""Repairs of stored bars: made and undone in one transaction, with what was before and after."""

import sqlite3
from collections.abc import Mapping, Sequence
from math import isnan, nan

import msgspec

from tio.api.companies import CorporateEvent
from tio.api.errors import Broken, Conflict, NotFound
from tio.api.market import Timeframe
from tio.engine.store import bar_tables, chunks
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.columns import Columns

SOURCE = "tio repair"
"""Who tells an event as it was repaired; what a source told stays beside it."""

Figures = tuple[float | None, float | None, float | None, float | None, float | None]


class ChangedBar(msgspec.Struct, frozen=True, array_like=True):
    """One bar (µs UTC of its opening) before and after; `after` None: taken out. None is NaN."""

    time: int
    before: Figures
    after: Figures | None


class ChangedEvent(msgspec.Struct, frozen=True):
    """An event as its source tells it, and as it counts from then on."""

    before: CorporateEvent
    after: CorporateEvent


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """All that one repair changed; `key` is that of the ask that made it."""

    faults: tuple[str, ...]
    bars: tuple[ChangedBar, ...] = ()
    events: tuple[ChangedEvent, ...] = ()
    key: str = ""


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """A repair as it is remembered; `undone` is when it was put back, µs UTC."""

    id: int
    series: SeriesKey
    at: int
    undone: int | None
    kept: Kept


def figures(*values: float) -> Figures:
    """Open, high, low, close and volume as they are kept: NaN is None."""
    return tuple(None if isnan(value) else value for value in values)  # type: ignore[return-value]


def apply(connection: sqlite3.Connection, series: SeriesKey, kept: Kept, at: int) -> Repaired:
    """Change the bars and events and remember both; Conflict where they are others than before."""
    if kept.key:
        for made in listed(connection, series.symbol, 50):
            if made.kept.key == kept.key:
                return made
    _change(connection, series, [(bar.time, bar.before, bar.after) for bar in kept.bars])
    for event in kept.events:
        _put_event(connection, event.after)
    row = connection.execute(
        "INSERT INTO repairs (symbol, timeframe, source, at, body) "
        "VALUES (:symbol, :timeframe, :source, :at, :body) RETURNING id",
        _names(series) | {"at": at, "body": msgspec.json.encode(kept)},
    ).fetchone()
    return Repaired(id=int(row[0]), series=series, at=at, undone=None, kept=kept)


def undo(connection: sqlite3.Connection, number: int, at: int) -> Repaired:
    """Put back what a repair changed; one already undone stays as it is."""
    found = _rows(connection, "WHERE id = :id", {"id": number})
    if not found:
        raise NotFound(f"there is no repair {number}", "`tio quality repairs` lists them")
    made = found[0]
    if made.undone is not None:
        return made
    _change(connection, made.series, [(bar.time, bar.after, bar.before) for bar in made.kept.bars])
    for event in made.kept.events:
        if event.before.source == SOURCE:  # repaired once more: the repair before counts again
            _put_event(connection, event.before)
            continue
        connection.execute(
            "DELETE FROM corporate_events WHERE symbol = :symbol AND kind = :kind "
            "AND ex_date = :ex_date AND source = :source",
            _event_names(event.after),
        )
    connection.execute("UPDATE repairs SET undone = :at WHERE id = :id", {"at": at, "id": number})
    return msgspec.structs.replace(made, undone=at)


def listed(connection: sqlite3.Connection, symbol: str | None, limit: int) -> list[Repaired]:
    """Repairs, newest first, of one symbol or of all."""
    return _rows(
        connection,
        "WHERE :symbol IS NULL OR symbol = :symbol ORDER BY id DESC LIMIT :limit",
        {"symbol": symbol, "limit": limit},
    )


def touched(connection: sqlite3.Connection, series: SeriesKey) -> set[int]:
    """The openings of all bars of a series that a repair changed or took out, and that stands."""
    made = _rows(
        connection,
        "WHERE symbol = :symbol AND timeframe = :timeframe AND source = :source "
        "AND undone IS NULL ORDER BY id",
        _names(series),
    )
    return {bar.time for each in made for bar in each.kept.bars}


def standing(connection: sqlite3.Connection, series: SeriesKey) -> dict[int, Figures]:
    """By opening what repairs that were not undone have made of the bars of a series."""
    made = _rows(
        connection,
        "WHERE symbol = :symbol AND timeframe = :timeframe AND source = :source "
        "AND undone IS NULL ORDER BY id",
        _names(series),
    )
    changed = (bar for each in made for bar in each.kept.bars)
    return {bar.time: bar.after for bar in changed if bar.after is not None}


def _rows(
    connection: sqlite3.Connection, where: str, named: Mapping[str, object]
) -> list[Repaired]:
    rows = connection.execute(
        f"SELECT id, symbol, timeframe, source, at, undone, body FROM repairs {where}", named
    )
    return [
        Repaired(
            id=number,
            series=SeriesKey(symbol, Timeframe(span), source),
            at=at,
            undone=undone,
            kept=msgspec.json.decode(body, type=Kept),
        )
        for number, symbol, span, source, at, undone, body in rows
    ]


Changes = Sequence[tuple[int, Figures | None, Figures | None]]


def _change(connection: sqlite3.Connection, series: SeriesKey, changes: Changes) -> None:
    """Make every bar what it is to be, if all are what they are said to be."""
    if not changes:
        return
    first, last = min(change[0] for change in changes), max(change[0] for change in changes)
    bars = bar_tables.read(connection, series, first, last, 1 << 30, _refuse)
    known = {row[0]: figures(*row[1:]) for row in bars.rows()}
    others = sum(known.get(time) != before for time, before, _ in changes)
    if others:
        raise Conflict(
            f"{others} bars of {series.symbol} {series.timeframe} are not what they were",
            "look for faults again: a source told them anew",
        )
    gone = {time for time, _, after in changes if after is None}
    if gone:
        _take_out(connection, series, gone)
    put = [(time, *map(_number, after)) for time, _, after in changes if after is not None]
    if put:
        rows = Columns.of_rows(put)  # type: ignore[arg-type]
        bar_tables.append(connection, series, rows, None, _refuse)


def _number(value: float | None) -> float:
    return nan if value is None else value


def _take_out(connection: sqlite3.Connection, key: SeriesKey, gone: set[int]) -> None:
    (series,) = connection.execute(
        "SELECT id FROM series "
        "WHERE symbol = :symbol AND timeframe = :timeframe AND source = :source",
        _names(key),
    ).fetchone()
    connection.executemany(
        "DELETE FROM bar_tail WHERE series = :series AND time = :time",
        [{"series": series, "time": time} for time in gone],
    )
    for bars in list(chunks.sealed(connection, series, min(gone), max(gone), _refuse)):
        kept = [row for row, time in enumerate(bars.time.tolist()) if time not in gone]
        if len(kept) == len(bars):
            continue
        _cut(connection, series, int(bars.time[0]), int(bars.time[-1]), gone)


def _cut(
    connection: sqlite3.Connection, series: int, first: int, last: int, gone: set[int]
) -> None:
    """Seal the chunk that holds `first`..`last` anew without the bars that go."""
    bounds = connection.execute(
        "SELECT id, first, last FROM bar_chunks "
        "WHERE series = :series AND first <= :first AND last >= :last",
        {"series": series, "first": first, "last": last},
    ).fetchone()
    number, begins, ends = bounds
    (whole,) = chunks.sealed(connection, series, begins, ends, _refuse)
    connection.execute("DELETE FROM bar_chunks WHERE id = :id", {"id": number})
    kept = whole.pick([row for row, time in enumerate(whole.time.tolist()) if time not in gone])
    if len(kept):
        chunks.insert(connection, series, kept)


def _put_event(connection: sqlite3.Connection, event: CorporateEvent) -> None:
    # The first to tell an event counts, and nobody told anything at the instant 0.
    connection.execute(
        "INSERT INTO corporate_events (symbol, kind, ex_date, source, at, body) "
        "VALUES (:symbol, :kind, :ex_date, :source, 0, :body) "
        "ON CONFLICT (symbol, kind, ex_date, source) DO UPDATE SET body = excluded.body",
        _event_names(event) | {"body": msgspec.json.encode(event)},
    )


def _event_names(event: CorporateEvent) -> dict[str, str | bytes]:
    return {
        "symbol": event.symbol,
        "kind": str(event.kind),
        "ex_date": event.ex_date.isoformat(),
        "source": event.source,
    }


def _names(series: SeriesKey) -> dict[str, str | int | bytes]:
    return {
        "symbol": series.symbol,
        "timeframe": str(series.timeframe),
        "source": series.source,
    }


def _refuse(damage: str) -> None:
    raise Broken(f"{damage}, so nothing was repaired", "fetch them again before")
