import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tio.api.errors import Conflict, NotFound
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS
from tio.engine.store.write_keys import once

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


class Counter:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, connection: sqlite3.Connection) -> int:
        self.times += 1
        return self.times


def say(
    connection: sqlite3.Connection,
    do: Counter,
    key: str = "k",
    owner: str = "ann",
    word: str = "Save",
    body: bytes = b"{}",
    now: datetime = NOW,
) -> int:
    return once(
        connection,
        owner,
        key,
        word,
        body,
        do,
        encode=lambda n: str(n).encode(),
        decode=int,
        now=now,
    )


def test_a_repeat_returns_the_first_answer_and_does_nothing(connection: sqlite3.Connection) -> None:
    do = Counter()
    assert [say(connection, do), say(connection, do)] == [1, 1]
    assert do.times == 1


def test_without_a_key_it_is_done_each_time(connection: sqlite3.Connection) -> None:
    do = Counter()
    assert [say(connection, do, key=""), say(connection, do, key="")] == [1, 2]


def test_keys_of_two_owners_do_not_meet(connection: sqlite3.Connection) -> None:
    do = Counter()
    assert [say(connection, do), say(connection, do, owner="bob")] == [1, 2]


@pytest.mark.parametrize("other", [{"word": "Delete"}, {"body": b'{"x":1}'}])
def test_the_same_key_for_something_else_is_a_conflict(
    connection: sqlite3.Connection, other: dict[str, str]
) -> None:
    do = Counter()
    say(connection, do)
    with pytest.raises(Conflict, match="already used"):
        say(connection, do, **other)  # type: ignore[arg-type]
    assert do.times == 1


def test_a_refusal_is_not_remembered(connection: sqlite3.Connection) -> None:
    def refuse(connection: sqlite3.Connection) -> int:
        raise NotFound("no")

    with pytest.raises(NotFound):
        say(connection, refuse)  # type: ignore[arg-type]
    assert say(connection, Counter()) == 1


def test_keys_are_forgotten_after_a_week(connection: sqlite3.Connection) -> None:
    do = Counter()
    say(connection, do)
    assert say(connection, do, now=NOW + timedelta(days=6)) == 1
    assert say(connection, do, now=NOW + timedelta(days=7, seconds=1)) == 2
