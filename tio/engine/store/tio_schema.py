"""The schema of tio.db: what a person made. Every table of a person's has its owner first."""

from tio.engine.store.migrations import Step

STEPS = (
    Step(
        1,
        "settings, watchlists, write keys, jobs",
        """
        CREATE TABLE settings (
            owner TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,       -- JSON text
            at INTEGER NOT NULL,       -- µs UTC of the last change
            PRIMARY KEY (owner, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE watchlists (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            symbols TEXT NOT NULL,     -- JSON list, in the owner's order
            columns TEXT NOT NULL,     -- JSON list
            position INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE write_keys (
            owner TEXT NOT NULL,
            key TEXT NOT NULL,
            word TEXT NOT NULL,
            digest BLOB NOT NULL,      -- of what was asked
            answer BLOB NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (owner, key)
        ) STRICT;
        CREATE INDEX write_keys_by_age ON write_keys (at);
        CREATE TABLE jobs (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            progress REAL,
            doing TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            reason TEXT NOT NULL,
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        2,
        "jobs know their kind, what was asked and how often they were begun",
        """
        ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN request TEXT NOT NULL DEFAULT '';  -- JSON
        ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
        """,
    ),
    Step(
        3,
        "drawings, chart layouts",
        """
        CREATE TABLE drawings (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            symbol TEXT NOT NULL,
            kind TEXT NOT NULL,
            points TEXT NOT NULL,      -- JSON list of [µs UTC, price]
            text TEXT NOT NULL,
            pen TEXT NOT NULL,
            adjusted TEXT NOT NULL,    -- the basis of the prices
            made_at INTEGER NOT NULL,  -- when they were typed
            position INTEGER NOT NULL,
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX drawings_by_symbol ON drawings (owner, symbol, position);
        CREATE TABLE layouts (
            owner TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            content TEXT NOT NULL,     -- JSON text of the screens
            saved_at INTEGER NOT NULL,
            PRIMARY KEY (owner, kind, name)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        4,
        "portfolios, their entries and changes",
        """
        CREATE TABLE portfolios (
            owner TEXT NOT NULL,
            ledger INTEGER NOT NULL,   -- never given twice
            name TEXT NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, ledger),
            UNIQUE (owner, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE entries (
            owner TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            change INTEGER NOT NULL,
            position INTEGER NOT NULL, -- the order of entry
            newest INTEGER NOT NULL,   -- whether no later version is kept
            gone INTEGER NOT NULL,     -- whether this version takes the entry out
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, ledger, id, version)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entries_by_change ON entries (owner, ledger, change);
        CREATE INDEX entries_by_position ON entries (owner, ledger, position);
        CREATE TABLE ledger_changes (
            owner TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            number INTEGER NOT NULL,
            what TEXT NOT NULL,
            entries INTEGER NOT NULL,
            made_at INTEGER NOT NULL,
            undoes INTEGER,
            undone_by INTEGER,
            PRIMARY KEY (owner, ledger, number)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        5,
        "limits of risk",
        """
        CREATE TABLE risk_limits (
            owner TEXT NOT NULL,
            kind TEXT NOT NULL,
            percent TEXT NOT NULL,     -- an exact decimal
            at INTEGER NOT NULL,
            PRIMARY KEY (owner, kind)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        6,
        "paper orders, their fills and events",
        """
        CREATE TABLE orders (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            symbol TEXT NOT NULL,
            open INTEGER NOT NULL,     -- whether it may still fill
            position INTEGER NOT NULL, -- the order of placing
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX orders_by_ledger ON orders (owner, ledger, position);
        CREATE INDEX orders_by_position ON orders (owner, position);
        CREATE INDEX open_orders ON orders (owner, position) WHERE open;
        CREATE TABLE fills (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            symbol TEXT NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, id)
        ) STRICT;
        CREATE INDEX fills_by_ledger ON fills (owner, ledger, at);
        CREATE TABLE order_events (
            owner TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, ledger, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE order_watch (
            owner TEXT NOT NULL PRIMARY KEY,
            until INTEGER NOT NULL     -- µs UTC until when the owner's orders were watched
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        7,
        "idea cards",
        """
        CREATE TABLE ideas (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            ledger INTEGER NOT NULL,   -- of the portfolio it was written for
            symbol TEXT NOT NULL,
            open INTEGER NOT NULL,     -- whether it is still to be scored
            position INTEGER NOT NULL, -- the order of writing
            body TEXT NOT NULL,        -- JSON, all versions
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX ideas_by_position ON ideas (owner, position);
        CREATE INDEX open_ideas ON ideas (owner, position) WHERE open;
        """,
    ),
    Step(
        8,
        "what is written of trades",
        """
        CREATE TABLE trade_notes (
            owner TEXT NOT NULL,
            ledger INTEGER NOT NULL,
            entry TEXT NOT NULL,       -- the entry that opened the trade
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, ledger, entry, version)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        9,
        "what language models were spent on",
        """
        CREATE TABLE model_spending (
            owner TEXT NOT NULL,       -- whose keys they are asked with
            day TEXT NOT NULL,         -- UTC, as 2026-11-20
            model TEXT NOT NULL,
            currency TEXT NOT NULL,
            read INTEGER NOT NULL,     -- tokens
            written INTEGER NOT NULL,
            cost TEXT NOT NULL,        -- an exact decimal
            PRIMARY KEY (owner, day, model, currency)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        10,
        "chats with the analyst",
        """
        CREATE TABLE chats (
            owner TEXT NOT NULL,
            id INTEGER NOT NULL,
            title TEXT NOT NULL,
            started INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            as_of INTEGER,             -- µs UTC, nothing later is told
            origin TEXT NOT NULL,      -- the chat it was branched from
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX chats_by_change ON chats (owner, changed);
        CREATE TABLE chat_messages (
            owner TEXT NOT NULL,
            chat INTEGER NOT NULL,
            position INTEGER NOT NULL,
            key INTEGER NOT NULL UNIQUE, -- what the search knows it by
            state TEXT NOT NULL,
            said TEXT NOT NULL,        -- what a search finds
            read INTEGER NOT NULL,
            written INTEGER NOT NULL,
            cost REAL,
            body TEXT NOT NULL,        -- JSON
            turn TEXT NOT NULL,        -- JSON: what a model reads of it
            PRIMARY KEY (owner, chat, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX chat_messages_writing ON chat_messages (key) WHERE state = 'writing';
        CREATE TABLE chat_results (
            owner TEXT NOT NULL,
            chat INTEGER NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL, -- of the message it was asked for
            at INTEGER NOT NULL,
            word TEXT NOT NULL,
            asked TEXT NOT NULL,       -- JSON
            answer BLOB NOT NULL,      -- JSON, deflated
            PRIMARY KEY (owner, chat, number)
        ) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE chat_text USING fts5(
            said, content='chat_messages', content_rowid='key', tokenize='unicode61'
        );
        CREATE TRIGGER chat_said AFTER INSERT ON chat_messages BEGIN
            INSERT INTO chat_text (rowid, said) VALUES (new.key, new.said);
        END;
        CREATE TRIGGER chat_unsaid AFTER DELETE ON chat_messages BEGIN
            INSERT INTO chat_text (chat_text, rowid, said) VALUES ('delete', old.key, old.said);
        END;
        CREATE TRIGGER chat_said_anew AFTER UPDATE OF said ON chat_messages BEGIN
            INSERT INTO chat_text (chat_text, rowid, said) VALUES ('delete', old.key, old.said);
            INSERT INTO chat_text (rowid, said) VALUES (new.key, new.said);
        END;
        """,
    ),
    Step(
        11,
        "views the analyst gave",
        """
        CREATE TABLE views (
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            position INTEGER NOT NULL, -- the order of giving
            symbol TEXT NOT NULL,
            author TEXT NOT NULL,      -- a model's name, or rules
            due INTEGER NOT NULL,      -- µs UTC
            outcome TEXT NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX views_by_position ON views (owner, position);
        CREATE INDEX views_by_author ON views (owner, author, outcome);
        CREATE INDEX waiting_views ON views (due) WHERE outcome = 'waiting';
        """,
    ),
    Step(
        12,
        "schedules of reports, the reports they left",
        """
        CREATE TABLE schedules (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,        -- JSON
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reports (
            owner TEXT NOT NULL,
            number INTEGER NOT NULL,
            schedule TEXT NOT NULL,    -- its name, also once that is gone
            due INTEGER,               -- µs UTC, none of one asked for
            read INTEGER NOT NULL,
            body TEXT NOT NULL,        -- JSON: what a list shows
            report BLOB NOT NULL,      -- JSON, deflated
            PRIMARY KEY (owner, number)
        ) STRICT;
        CREATE UNIQUE INDEX reports_by_due ON reports (owner, schedule, due);
        """,
    ),
)
