"""A process that brings in files and takes them back is killed: all of a file is there, or none."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tio.api.access import OWNER
from tio.api.imports import ImportTransactions
from tio.api.ledger import CreatePortfolio, UndoTransaction
from tio.api.portfolio import Transaction
from tio.engine.bus import Bus
from tio.engine.clock import RealClock
from tio.engine.market.service import MarketService
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.service import PortfolioService
from tio.engine.session import Session
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability
from tio.engine.store.ledgers import LedgerTable, ledger_of

KILLS = 30
LINES = 400
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def opened(folder: Path) -> tuple[Database, Session, PortfolioService]:
    database = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    await database.open()
    clock = RealClock()
    bus = Bus(clock)
    service = PortfolioService(database, clock, clock, bus, MarketService(clock, bus))
    return database, Session(OWNER, service.answers(), service.streams()), service


async def bring_for_ever(folder: Path, first: int) -> None:
    """Bring file after file in, and take every third back; each is told once acknowledged."""
    _, engine, _ = await opened(folder)
    number = first
    while True:
        file = folder / f"{number}.csv"
        lines = [
            f"deposit,2026-01-02,{number * LINES + line + 1},USD,b{number}" for line in range(LINES)
        ]
        header = "kind,at,amount,currency,note,quantity,to_account,cost_share"
        file.write_text("\n".join([header, *(f"{line},,," for line in lines)]) + "\n")
        asked = ImportTransactions("main", str(file), dry_run=False)
        told = await engine.ask(asked)
        assert told.taken == LINES
        print("in", number, flush=True)
        if number % 3 == 2 and told.change is not None:
            await engine.ask(UndoTransaction("main", told.change.number))
            print("out", number, flush=True)
        number += 1


async def check(folder: Path, there: set[int], gone: set[int]) -> None:
    """Every file is there whole or not at all, those acknowledged as they were."""
    database, _, _ = await opened(folder)
    try:
        assert (await database.report(check=True)).integrity == "ok"

        def read(connection: sqlite3.Connection) -> tuple[Transaction, ...]:
            return LedgerTable.entries(connection, ledger_of(connection, OWNER.name, "main"))

        entries = await database.read(read)
        counts = Counter(int(entry.note[1:]) for entry in entries)
        assert set(counts.values()) <= {LINES}
        # Of those to be taken back one may be gone before that was told.
        assert {number for number in there - gone if number % 3 != 2} <= set(counts)
        assert not gone & set(counts)
        assert len({entry.id for entry in entries}) == len(entries)
        portfolio = (await database.read(lambda c: LedgerTable.list(c, OWNER.name)))[0]
        assert portfolio.entries == len(entries)
        assert len(Books(portfolio, entries)) == len(entries)
    finally:
        await database.close()


async def begin(folder: Path) -> None:
    database, engine, _ = await opened(folder)
    await engine.ask(CreatePortfolio("main", "USD"))
    await database.close()


@pytest.mark.slow
def test_killed_thirty_times_an_import_is_whole_or_not_there(tmp_path: Path) -> None:
    chance = Random(5)
    there: set[int] = set()
    gone: set[int] = set()
    asyncio.run(begin(tmp_path))
    number = 0
    for _ in range(KILLS):
        command = [sys.executable, __file__, str(tmp_path), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(chance.random() * 0.08)
            child.send_signal(signal.SIGKILL)
            told = first + child.stdout.read()
        for line in told.splitlines(keepends=True):
            what, _, file = line.partition(" ")
            if not line.endswith("\n"):  # It was killed while it said so.
                continue
            (there if what == "in" else gone).add(int(file))
        number = max(there, default=-1) + 2
        asyncio.run(check(tmp_path, there, gone))
    assert len(there) >= KILLS


if __name__ == "__main__":
    asyncio.run(bring_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
