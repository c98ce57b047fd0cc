"""Sealed bars: blobs of some hundred bars with a checksum, first and last time beside them."""

import sqlite3
import zlib
from collections.abc import Callable, Iterator

import numpy as np

from tio.api.series import moment
from tio.engine.store.columns import WIDTH, Columns

SIZE = 510
"""Bars in a chunk; one that grows by late bars is split when it holds twice as many.

Two chunks of 510 fill three pages of 16 kB; 512 would waste a quarter of the file. Compression
(zlib level 1: 64 % of the size) would cost more time than reading or writing does.
"""

Damaged = Callable[[str], None]


def pack(bars: Columns) -> bytes:
    """The columns one after the other, little-endian."""
    return bars.block.astype("<i8", copy=False).tobytes()


def insert(connection: sqlite3.Connection, series: int, bars: Columns) -> None:
    """Seal ordered bars in chunks of 510; the last may hold up to 1,019."""
    connection.executemany(
        "INSERT INTO bar_chunks (series, first, last, bars, crc, body) VALUES (?, ?, ?, ?, ?, ?)",
        [_row(series, piece) for piece in _split(bars)],
    )


def sealed(
    connection: sqlite3.Connection, series: int, first: int, last: int, damaged: Damaged
) -> Iterator[Columns]:
    """The sealed bars from `first` to `last`, a chunk at a time, the newest chunk first.

    Views of what SQLite read, nothing is copied. A damaged chunk is told and left out.
    """
    rows = connection.execute(
        "SELECT first, last, bars, crc, body FROM bar_chunks "
        "WHERE series = ? AND first <= ? AND last >= ? ORDER BY first DESC",
        (series, last, first),
    )
    for begins, ends, bars, crc, body in rows:
        if not _is_whole(bars, crc, body):
            damaged(f"{bars} bars from {moment(begins)} to {moment(ends)} are damaged")
            continue
        block = np.frombuffer(body, dtype="<i8").reshape(WIDTH, bars)
        if begins < first or ends > last:
            begin, end = np.searchsorted(block[0], (first, last + 1))
            block = block[:, begin:end]
        yield Columns(block)


def merge(connection: sqlite3.Connection, series: int, bars: Columns, damaged: Damaged) -> int:
    """Put ordered bars among the sealed ones, rewriting their chunks; how many were replaced."""
    first, last = int(bars.time[0]), int(bars.time[-1])
    (start,) = connection.execute(
        "SELECT coalesce("
        "(SELECT max(first) FROM bar_chunks WHERE series = :series AND first <= :first), "
        "(SELECT min(first) FROM bar_chunks WHERE series = :series))",
        {"series": series, "first": first},
    ).fetchone()
    until = max(last, start)
    ids = connection.execute(
        "SELECT id, last FROM bar_chunks WHERE series = ? AND first BETWEEN ? AND ?",
        (series, start, until),
    ).fetchall()
    ends = max(end for _, end in ids)
    known = list(sealed(connection, series, start, ends, damaged))[::-1]
    connection.executemany("DELETE FROM bar_chunks WHERE id = ?", [(number,) for number, _ in ids])
    merged = Columns.joined([*known, bars]).ordered()
    insert(connection, series, merged)
    return sum(map(len, known)) + len(bars) - len(merged)


def sealed_until(connection: sqlite3.Connection, series: int) -> int | None:
    """The time of the newest sealed bar."""
    row = connection.execute(
        "SELECT last FROM bar_chunks WHERE series = ? ORDER BY first DESC LIMIT 1", (series,)
    ).fetchone()
    return None if row is None else int(row[0])


def _split(bars: Columns) -> list[Columns]:
    last = max(0, len(bars) // SIZE - 1) * SIZE
    return [bars[begin : begin + SIZE] for begin in range(0, last, SIZE)] + [bars[last:]]


def _row(series: int, bars: Columns) -> tuple[int, int, int, int, int, bytes]:
    body = pack(bars)
    return series, int(bars.time[0]), int(bars.time[-1]), len(bars), zlib.crc32(body), body


def _is_whole(count: int, crc: int, body: bytes) -> bool:
    return isinstance(body, bytes) and len(body) == count * WIDTH * 8 and zlib.crc32(body) == crc
