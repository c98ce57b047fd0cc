"""A write of a person's that happens once: its key is kept in the transaction of its effect."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from tio.api.access import Principal
from tio.api.codec import decode, encode
from tio.api.contract import Request
from tio.engine.service import write_key
from tio.engine.store.database import Database
from tio.engine.store.write_keys import answered, once
from tio.plugin import Clock

T = TypeVar("T")


async def written(
    database: Database,
    wall: Clock,
    request: Request[T],
    by: Principal,
    do: Callable[[sqlite3.Connection], T],
    kind: type[T],
) -> T:
    """Do it in one transaction with the ask's write key; a repeat gets the first answer."""
    return await database.write(keyed(wall, request, by, do, kind))


def keyed(
    wall: Clock,
    request: Request[T],
    by: Principal,
    do: Callable[[sqlite3.Connection], T],
    kind: type[T],
) -> Callable[[sqlite3.Connection], T]:
    """What does it within a transaction, together with the ask's write key."""
    key, word, body = write_key.get(), type(request).__name__, encode(request)

    def work(connection: sqlite3.Connection) -> T:
        decoded: Callable[[bytes], T] = partial(_decoded, kind)
        return once(
            connection,
            by.name,
            key,
            word,
            body,
            do,
            encode=encode,
            decode=decoded,
            now=wall.now(),
        )

    return work


async def written_before(
    database: Database, request: Request[T], by: Principal, kind: type[T]
) -> T | None:
    """The answer of the first ask with this write key; None where this is the first."""
    key, word, body = write_key.get(), type(request).__name__, encode(request)
    if not key:
        return None
    first = await database.read(lambda c: answered(c, by.name, key, word, body))
    return None if first is None else decode(first, kind)


def _decoded(kind: type[T], data: bytes) -> Any:
    return decode(data, kind)
