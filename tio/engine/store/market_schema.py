"""The schema of market.db: what can be fetched again."""

from tio.engine.store.migrations import Step

STEPS = (
    Step(
        1,
        "instruments, series, bars in sealed chunks and open tails",
        """
        CREATE TABLE instruments (
            symbol TEXT PRIMARY KEY,
            body BLOB NOT NULL         -- the Instrument as JSON
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            symbol TEXT NOT NULL,
            timeframe TEXT NOT NULL,
            source TEXT NOT NULL,
            coverage TEXT NOT NULL,
            delay TEXT NOT NULL,
            adjusted TEXT NOT NULL,
            UNIQUE (symbol, timeframe, source)
        ) STRICT;
        CREATE TABLE bar_chunks (
            id INTEGER PRIMARY KEY,
            series INTEGER NOT NULL,
            first INTEGER NOT NULL,    -- µs UTC of its first and last bar
            last INTEGER NOT NULL,
            bars INTEGER NOT NULL,
            crc INTEGER NOT NULL,
            body BLOB NOT NULL         -- columns: time, open, high, low, close, volume
        ) STRICT;
        CREATE UNIQUE INDEX bar_chunks_by_time ON bar_chunks (series, first);
        CREATE TABLE bar_tail (
            series INTEGER NOT NULL,
            time INTEGER NOT NULL,
            open REAL,
            high REAL,
            low REAL,
            close REAL,
            volume REAL,               -- NULL is NaN
            PRIMARY KEY (series, time)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
)
