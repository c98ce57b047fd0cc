"""What venues list, kept in market.db so that their symbols are known before they are asked."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tio.api.market import Instrument
from tio.engine.store.database import Database


class Listing(NamedTuple):
    """A venue's instruments and when it told them, µs UTC."""

    at: int
    instruments: tuple[Instrument, ...]


class ListingStore:
    """One list a source; the newest replaces the one before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, source: str) -> Listing | None:
        """The list of a source; None when there is none or it cannot be read."""
        return await self._database.read(lambda c: _get(c, source))

    async def put(self, source: str, at: int, instruments: Sequence[Instrument]) -> None:
        """Keep a list."""
        body = msgspec.json.encode(instruments)
        await self._database.write(lambda c: _put(c, source, at, body), bulk=True)


def _get(connection: sqlite3.Connection, source: str) -> Listing | None:
    row = connection.execute(
        "SELECT at, body FROM listings WHERE source = :source", {"source": source}
    ).fetchone()
    if row is None:
        return None
    try:
        return Listing(row[0], msgspec.json.decode(row[1], type=tuple[Instrument, ...]))
    except msgspec.MsgspecError:
        return None  # of another version: the venue is asked again


def _put(connection: sqlite3.Connection, source: str, at: int, body: bytes) -> None:
    connection.execute(
        "INSERT INTO listings (source, at, body) VALUES (:source, :at, :body) "
        "ON CONFLICT (source) DO UPDATE SET at = excluded.at, body = excluded.body",
        {"source": source, "at": at, "body": body},
    )
