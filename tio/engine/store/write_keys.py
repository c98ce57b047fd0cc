"""Writes happen once: a key is stored in the transaction of its effect, with the answer."""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from tio.api.errors import Conflict
from tio.api.series import instant

T = TypeVar("T")
KEPT = timedelta(days=7)


def once(
    connection: sqlite3.Connection,
    owner: str,
    key: str,
    word: str,
    body: bytes,
    do: Callable[[sqlite3.Connection], T],
    *,
    encode: Callable[[T], bytes],
    decode: Callable[[bytes], T],
    now: datetime,
) -> T:
    """Do it and remember the answer; a repeat of the same key returns that first answer.

    The same key with another word or body raises Conflict. Without a key it is simply done.
    """
    if not key:
        return do(connection)
    connection.execute("DELETE FROM write_keys WHERE at < ?", (instant(now - KEPT),))
    first = answered(connection, owner, key, word, body)
    if first is not None:
        return decode(first)
    answer = do(connection)
    connection.execute(
        "INSERT INTO write_keys (owner, key, word, digest, answer, at) VALUES (?, ?, ?, ?, ?, ?)",
        (owner, key, word, _digest(body), encode(answer), instant(now)),
    )
    return answer


def answered(
    connection: sqlite3.Connection, owner: str, key: str, word: str, body: bytes
) -> bytes | None:
    """The first answer to a key; None where there is none, Conflict where it was another word's."""
    first = connection.execute(
        "SELECT word, digest, answer FROM write_keys WHERE owner = ? AND key = ?", (owner, key)
    ).fetchone()
    if first is None:
        return None
    if (first[0], first[1]) != (word, _digest(body)):
        raise Conflict(
            f"the write key {key[:40]!r} was already used for another {first[0]}",
            "make a new key for each new write",
        )
    answer: bytes = first[2]
    return answer


def forget(connection: sqlite3.Connection, owner: str, key: str, answer: bytes) -> None:
    """Take back that a key was used for that answer, as when its effect was undone at once."""
    connection.execute(
        "DELETE FROM write_keys WHERE owner = ? AND key = ? AND answer = ?", (owner, key, answer)
    )


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
