import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tio.api.errors import Broken, Busy, Conflict, TioError
from tio.engine.store.backups import backups_of
from tio.engine.store.database import Database, Durability, Step

STEPS = (Step(1, "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"),)
LATER = (*STEPS, Step(2, "stars", "ALTER TABLE notes ADD COLUMN star INTEGER DEFAULT 0;"))
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@asynccontextmanager
async def opened(
    path: Path,
    steps: tuple[Step, ...] = STEPS,
    durability: Durability = Durability.normal,
    now: datetime = START,
    lost: list[TioError] | None = None,
) -> AsyncIterator[Database]:
    losses = [] if lost is None else lost
    database = Database(path, durability, steps, on_lost=losses.append, now=lambda: now)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def add(connection: sqlite3.Connection, text: str) -> int:
    added = connection.execute("INSERT INTO notes (text) VALUES (?)", (text,)).lastrowid
    assert added is not None
    return added


def notes(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY id")]


async def test_what_was_written_is_read_and_survives_closing(tmp_path: Path) -> None:
    file = tmp_path / "new" / "tio.db"
    async with opened(file) as database:
        assert await database.write(lambda c: add(c, "a")) == 1
        assert await database.read(notes) == ["a"]
    async with opened(file) as database:
        assert await database.read(notes) == ["a"]
        assert database.notice == ""
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("durability", "number"), [(Durability.full, 2), (Durability.normal, 1)])
async def test_the_writer_keeps_the_durability_it_was_given(
    tmp_path: Path, durability: Durability, number: int
) -> None:
    async with opened(tmp_path / "a.db", durability=durability) as database:
        levels = await database.write(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])
        mode = await database.read(lambda c: c.execute("PRAGMA journal_mode").fetchone()[0])
    assert (levels, mode) == (number, "wal")


async def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def half(connection: sqlite3.Connection) -> None:
        add(connection, "half")
        raise Conflict("no")

    async with opened(tmp_path / "a.db") as database:
        with pytest.raises(Conflict):
            await database.write(half)
        with pytest.raises(TioError, match="refused a statement"):
            await database.write(lambda c: c.execute("INSERT INTO nowhere VALUES (1)"))
        assert await database.read(notes) == []


async def test_readers_cannot_write(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        with pytest.raises(Broken, match="cannot be written"):
            await database.read(lambda c: add(c, "a"))


async def test_a_reader_sees_one_snapshot_while_writes_go_on(tmp_path: Path) -> None:
    seen, written = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        first = len(notes(connection))
        seen.set()
        assert written.wait(10)
        return first, len(notes(connection))

    async with opened(tmp_path / "a.db") as database:
        reading = asyncio.create_task(database.read(twice))
        await asyncio.to_thread(seen.wait, 10)
        await database.write(lambda c: add(c, "a"))
        written.set()
        assert await reading == (0, 0)
        assert await database.read(notes) == ["a"]


async def test_cancelled_while_running_a_write_is_still_whole(tmp_path: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def both(connection: sqlite3.Connection) -> None:
        add(connection, "one")
        begun.set()
        assert go.wait(10)
        add(connection, "two")

    async with opened(tmp_path / "a.db") as database:
        running = asyncio.create_task(database.write(both))
        await asyncio.to_thread(begun.wait, 10)
        waiting = asyncio.create_task(database.write(lambda c: add(c, "never")))
        await asyncio.sleep(0)
        for task in (running, waiting):
            task.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        go.set()
        await database.write(lambda c: add(c, "after"))
        assert await database.read(notes) == ["one", "two", "after"]


async def test_an_acknowledged_write_does_not_wait_behind_bulk(tmp_path: Path) -> None:
    order: list[str] = []
    begun, go = threading.Event(), threading.Event()

    def first(connection: sqlite3.Connection) -> None:
        begun.set()
        assert go.wait(10)

    async with opened(tmp_path / "a.db") as database:
        database.post(first)
        await asyncio.to_thread(begun.wait, 10)
        for _ in range(100):
            database.post(lambda c: order.append("bulk"))
        urgent = asyncio.create_task(database.write(lambda c: order.append("urgent")))
        await asyncio.sleep(0)
        go.set()
        await urgent
        await database.settle()
    assert order == ["urgent", *["bulk"] * 100]


async def test_closing_finishes_what_was_posted(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        for number in range(500):
            database.post(lambda c, n=number: add(c, str(n)))  # type: ignore[misc]
    async with opened(tmp_path / "a.db") as database:
        assert await database.read(notes) == [str(n) for n in range(500)]
    with pytest.raises(Busy, match="closed"):
        await database.write(lambda c: add(c, "late"))


async def test_a_bad_bulk_write_is_told_and_takes_no_other_along(tmp_path: Path) -> None:
    lost: list[TioError] = []

    def bad(connection: sqlite3.Connection) -> None:
        add(connection, "bad")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    async with opened(tmp_path / "a.db", lost=lost) as database:
        database.post(lambda c: add(c, "a"))
        database.post(bad)
        database.post(lambda c: add(c, "b"))
        await database.settle()
        assert await database.read(notes) == ["a", "b"]
    assert [type(error) for error in lost] == [Broken]
    assert "nowhere" in lost[0].message


async def test_a_full_file_refuses_in_words_and_saves_again_when_there_is_room(
    tmp_path: Path,
) -> None:
    lost: list[TioError] = []
    big = "x" * 600_000

    def limit(connection: sqlite3.Connection, pages: int) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    async with opened(tmp_path / "a.db", lost=lost) as database:
        await database.write(lambda c: limit(c, 20))
        await database.write(lambda c: add(c, "small"))
        with pytest.raises(Busy, match="cannot grow, so nothing was saved") as refused:
            await database.write(lambda c: add(c, big))
        assert "free some space" in refused.value.next
        database.post(lambda c: add(c, "with it"))
        database.post(lambda c: add(c, big))
        await database.write(lambda c: add(c, "still small"))
        await database.settle()
        await database.write(lambda c: limit(c, 1_000_000))
        await database.write(lambda c: add(c, big))
        found = await database.read(notes)
    assert found[0] == "small"
    assert "still small" in found
    assert found[-1] == big
    assert found.count(big) == 1
    assert {type(error) for error in lost} == {Busy}


async def test_migrating_backs_up_first_and_keeps_three(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    steps = list(STEPS)
    async with opened(file) as database:
        await database.write(lambda c: add(c, "old"))
    for number in range(2, 7):
        steps.append(Step(number, "more", f"CREATE TABLE t{number} (x);"))
        now = START + timedelta(seconds=number)
        async with opened(file, tuple(steps), now=now) as database:
            assert (await database.report()).schema == number
            assert await database.read(notes) == ["old"]
    kept = backups_of(file)
    assert [copy.name.split("-")[1] for copy in kept] == ["5", "4", "3"]
    with closing(sqlite3.connect(kept[0])) as copy:
        assert notes(copy) == ["old"]


async def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    broken = (*STEPS, Step(2, "broken", "CREATE TABLE more (x); CREATE TABLE notes (x);"))
    async with opened(file) as database:
        await database.write(lambda c: add(c, "a"))
    with pytest.raises(Broken, match="notes already exists"):
        async with opened(file, broken):
            pass
    async with opened(file) as database:
        assert (await database.report(check=True)).integrity == "ok"
        assert await database.read(notes) == ["a"]
        tables = await database.read(
            lambda c: c.execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'").fetchone()
        )
    assert tables == (0,)


async def test_a_file_from_a_newer_tio_is_refused_and_untouched(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    async with opened(file, LATER):
        pass
    before = file.read_bytes()
    with pytest.raises(Conflict, match=r"schema 2.*up to 1") as refused:
        async with opened(file):
            pass
    assert "newer tio" in refused.value.next
    assert file.read_bytes() == before


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(Conflict, match="another program"):
        async with opened(file):
            pass


async def test_a_damaged_file_is_set_aside_and_the_newest_good_backup_restored(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.db"
    async with opened(file) as database:
        await database.write(lambda c: add(c, "saved"))
        await database.back_up()
        await database.write(lambda c: add(c, "later"))
    file.write_bytes(b"not a database at all" * 500)
    async with opened(file, LATER, now=START + timedelta(hours=1)) as database:
        assert await database.read(notes) == ["saved"]
        assert "restored from the backup of 2026-03-01 12:00 UTC" in database.notice
        await database.write(lambda c: add(c, "again"))
    aside = list(tmp_path.glob("a.db.corrupt.*"))
    assert [part.read_bytes()[:5] for part in aside] == [b"not a"]


async def test_damaged_without_a_backup_starts_empty_and_names_the_loss(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"garbage" * 1_000)
    async with opened(file) as database:
        assert "started empty, all it held is lost" in database.notice
        assert await database.read(notes) == []
    async with opened(file) as database:
        assert database.notice == ""


async def test_what_cannot_be_fetched_again_is_backed_up_once_a_day(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    for hours in (0, 1, 12, 30, 31):
        now = START + timedelta(hours=hours)
        async with opened(file, durability=Durability.full, now=now):
            pass
    assert len(backups_of(file)) == 2


async def test_no_bit_flip_or_cut_stops_it_from_opening(tmp_path: Path) -> None:
    random = Random(7)
    good = tmp_path / "good.db"
    async with opened(good) as database:
        for number in range(50):
            await database.write(lambda c, n=number: add(c, f"note {n}" * 20))  # type: ignore[misc]
    content = good.read_bytes()
    for number in range(60):
        spoiled = bytearray(content)
        if number % 3 == 0:
            del spoiled[random.randrange(1, len(spoiled)) :]
        else:
            spoiled[random.randrange(len(spoiled))] ^= 1 << random.randrange(8)
        file = tmp_path / f"{number}.db"
        file.write_bytes(spoiled)
        try:
            async with opened(file) as database:
                await database.write(lambda c: add(c, "new"))
                assert "new" in await database.read(notes)
        except Conflict as refused:  # A flip in the schema's number reads as a newer tio.
            assert "schema" in refused.message or "another program" in refused.message
            assert file.read_bytes() == spoiled


async def test_changes_count_what_is_committed_alone(tmp_path: Path) -> None:
    def breaks(connection: sqlite3.Connection) -> None:
        add(connection, "lost")
        raise ZeroDivisionError

    async with opened(tmp_path / "tio.db") as database:
        before = database.changes
        await database.settle()
        with pytest.raises(ZeroDivisionError):
            await database.write(breaks)
        assert database.changes == before
        await database.write(lambda c: add(c, "a"))
        once = database.changes
        assert once > before
        database.post(lambda c: add(c, "b"))
        await database.settle()
        assert database.changes > once
