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
    Step(
        2,
        "venue lists, counters of daily limits, corporate events, profiles, asked ranges, repairs",
        """
        CREATE TABLE listings (
            source TEXT PRIMARY KEY,
            at INTEGER NOT NULL,       -- µs UTC of the answer
            body BLOB NOT NULL         -- the Instruments as JSON
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,     -- host, credential digest and window
            began INTEGER NOT NULL,    -- Unix seconds at which the window began
            used REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE corporate_events (
            symbol TEXT NOT NULL,
            kind TEXT NOT NULL,
            ex_date TEXT NOT NULL,
            source TEXT NOT NULL,
            at INTEGER NOT NULL,       -- µs UTC when it was first told
            body BLOB NOT NULL,        -- the CorporateEvent as JSON
            PRIMARY KEY (symbol, kind, ex_date, source)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE profiles (
            symbol TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE asked_ranges (
            symbol TEXT NOT NULL,
            timeframe TEXT NOT NULL,
            source TEXT NOT NULL,
            first INTEGER NOT NULL,    -- µs UTC: a source has told all it has in [first, last)
            last INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (symbol, timeframe, source, first)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE repairs (
            id INTEGER PRIMARY KEY,
            symbol TEXT NOT NULL,
            timeframe TEXT NOT NULL,
            source TEXT NOT NULL,
            at INTEGER NOT NULL,
            undone INTEGER,            -- µs UTC, NULL while it stands
            body BLOB NOT NULL         -- faults with the bars before and after, as JSON
        ) STRICT;
        """,
    ),
    Step(
        3,
        "minutes that were heard in part",
        """
        CREATE TABLE partly_heard (
            symbol TEXT NOT NULL,
            source TEXT NOT NULL,
            first INTEGER NOT NULL,    -- µs UTC: [first, last), whole minutes
            last INTEGER NOT NULL,
            PRIMARY KEY (symbol, source, first)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
)
