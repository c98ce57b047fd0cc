"""Corporate events and profiles, kept in market.db."""

import sqlite3
from collections.abc import Sequence

import msgspec

from tio.api.companies import CorporateEvent, Profile
from tio.engine.store.database import Database


class CompanyStore:
    """Events by symbol, kind, ex-date and source; the newest profile of each symbol."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def events(self, symbol: str) -> tuple[CorporateEvent, ...]:
        """What is known to have happened, by ex-date; of several sources the first to tell."""
        return await self._database.read(lambda c: _events(c, symbol))

    async def add_events(
        self, symbol: str, source: str, events: Sequence[CorporateEvent], at: int
    ) -> None:
        """Remember what a source told, be it nothing; an event told again takes its own place."""

        def add(connection: sqlite3.Connection) -> None:
            _add_events(connection, events, at)
            _note_told(connection, symbol, source, at)

        await self._database.write(add, bulk=True)

    async def told(self, symbol: str) -> bool:
        """Whether some source has told the events of a symbol: then none known means none."""
        return await self._database.read(lambda c: _told(c, symbol))

    async def profile(self, symbol: str) -> tuple[int, Profile] | None:
        """When a profile was had (µs UTC), and what it says; None when there is none."""
        return await self._database.read(lambda c: _profile(c, symbol))

    async def put_profile(self, profile: Profile, at: int) -> None:
        """Keep a profile in place of the one before."""
        body = msgspec.json.encode(profile)
        await self._database.write(lambda c: _put_profile(c, profile.symbol, at, body), bulk=True)


def _events(connection: sqlite3.Connection, symbol: str) -> tuple[CorporateEvent, ...]:
    rows = connection.execute(
        "SELECT body FROM corporate_events WHERE symbol = :symbol ORDER BY ex_date, kind, at",
        {"symbol": symbol},
    )
    told: dict[tuple[str, str], CorporateEvent] = {}
    for (body,) in rows:
        try:
            event = msgspec.json.decode(body, type=CorporateEvent)
        except msgspec.MsgspecError:
            continue  # of another version: its source tells it again
        told.setdefault((event.kind, event.ex_date.isoformat()), event)
    return tuple(told.values())


def _add_events(connection: sqlite3.Connection, events: Sequence[CorporateEvent], at: int) -> None:
    connection.executemany(
        "INSERT INTO corporate_events (symbol, kind, ex_date, source, at, body) "
        "VALUES (:symbol, :kind, :ex_date, :source, :at, :body) "
        "ON CONFLICT (symbol, kind, ex_date, source) DO UPDATE SET body = excluded.body",
        [
            {
                "symbol": event.symbol,
                "kind": str(event.kind),
                "ex_date": event.ex_date.isoformat(),
                "source": event.source,
                "at": at,
                "body": msgspec.json.encode(event),
            }
            for event in events
        ],
    )


def _note_told(connection: sqlite3.Connection, symbol: str, source: str, at: int) -> None:
    connection.execute(
        "INSERT INTO asked_ranges (symbol, timeframe, source, first, last, at) "
        "VALUES (:symbol, 'events', :source, 0, :at, :at) "
        "ON CONFLICT (symbol, timeframe, source, first) DO UPDATE SET last = :at, at = :at",
        {"symbol": symbol, "source": source, "at": at},
    )


def _told(connection: sqlite3.Connection, symbol: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM asked_ranges WHERE symbol = :symbol AND timeframe = 'events'",
        {"symbol": symbol},
    ).fetchone()
    return row is not None


def _profile(connection: sqlite3.Connection, symbol: str) -> tuple[int, Profile] | None:
    row = connection.execute(
        "SELECT at, body FROM profiles WHERE symbol = :symbol", {"symbol": symbol}
    ).fetchone()
    if row is None:
        return None
    try:
        return row[0], msgspec.json.decode(row[1], type=Profile)
    except msgspec.MsgspecError:
        return None


def _put_profile(connection: sqlite3.Connection, symbol: str, at: int, body: bytes) -> None:
    connection.execute(
        "INSERT INTO profiles (symbol, at, body) VALUES (:symbol, :at, :body) "
        "ON CONFLICT (symbol) DO UPDATE SET at = excluded.at, body = excluded.body",
        {"symbol": symbol, "at": at, "body": body},
    )
