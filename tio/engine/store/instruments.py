"""The instruments the store knows, so that they are known before a source speaks."""

import sqlite3
from collections.abc import Iterable

import msgspec

from tio.api.market import Instrument


class InstrumentTable:
    """The instruments of market.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection) -> tuple[Instrument, ...]:
        """All instruments by symbol; one whose row is damaged is left out."""
        rows = connection.execute("SELECT body FROM instruments ORDER BY symbol")
        found = (_instrument(body) for (body,) in rows)
        return tuple(each for each in found if each is not None)

    @staticmethod
    def save(connection: sqlite3.Connection, instruments: Iterable[Instrument]) -> None:
        """Remember them, in place of what their symbols held."""
        connection.executemany(
            "INSERT INTO instruments (symbol, body) VALUES (?, ?) "
            "ON CONFLICT (symbol) DO UPDATE SET body = excluded.body",
            [(each.symbol, msgspec.json.encode(each)) for each in instruments],
        )


def _instrument(body: bytes) -> Instrument | None:
    try:
        return msgspec.json.decode(body, type=Instrument)
    except msgspec.MsgspecError:
        return None
