import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tio.api.chats import AnswerState, ChatMessage, Speaker
from tio.api.errors import Invalid, NotFound
from tio.engine.store.chats import ChatKey, ChatTable, KeptResult, Turn, key_of, match_of
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def started(connection: sqlite3.Connection, owner: str = "owner") -> ChatKey:
    return key_of(owner, ChatTable.start(connection, owner, "Talk", NOW).id)


def said(connection: sqlite3.Connection, key: ChatKey, place: int, text: str) -> ChatMessage:
    message = ChatMessage(id=f"m{place}", speaker=Speaker.person, at=NOW, text=text)
    ChatTable.put(connection, key, Turn(message, "[]"), NOW)
    return message


def test_each_owner_has_chats_of_their_own(connection: sqlite3.Connection) -> None:
    mine, yours = started(connection), started(connection, "somebody")
    assert mine.id == yours.id == "c1"
    said(connection, mine, 1, "momentum")
    assert ChatTable.search(connection, "somebody", "momentum", 10) == ()
    assert len(ChatTable.search(connection, "owner", "momentum", 10)) == 1
    ChatTable.delete(connection, yours)
    assert ChatTable.get(connection, mine).messages == 1
    with pytest.raises(NotFound, match="no chat 'c1'"):
        ChatTable.get(connection, yours)


def test_a_search_finds_what_is_said_now_not_what_was(connection: sqlite3.Connection) -> None:
    key = started(connection)
    said(connection, key, 1, "momentum turns")
    said(connection, key, 1, "volume dries up")
    assert ChatTable.search(connection, "owner", "momentum", 10) == ()
    (hit,) = ChatTable.search(connection, "owner", "volume", 10)
    assert hit.snippet == "«volume» dries up"
    ChatTable.delete(connection, key)
    assert ChatTable.search(connection, "owner", "volume", 10) == ()


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("rising volume", '"rising" "volume"'),
        ('"rising volume" now', '"rising volume" "now"'),
        ("mom*", '"mom"*'),
        ("a OR b)", '"a" "OR" "b)"'),
        ("said:x NEAR(", '"said:x" "NEAR("'),
        ('un"closed', '"unclosed"'),
    ],
)
def test_a_query_is_words_and_never_a_command(
    connection: sqlite3.Connection, query: str, matched: str
) -> None:
    ChatTable.search(connection, "owner", query, 10)
    assert match_of(query) == matched


@pytest.mark.parametrize("query", ["*", '""', "-- ()", "\x00"])
def test_a_query_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(Invalid, match="no word to search"):
        match_of(query)


def test_what_was_being_written_is_interrupted_with_what_was_said(
    connection: sqlite3.Connection,
) -> None:
    key = started(connection)
    half = ChatMessage(
        id="m1", speaker=Speaker.analyst, at=NOW, text="Half", state=AnswerState.writing
    )
    ChatTable.put(connection, key, Turn(half, "[]"), NOW)
    assert ChatTable.get(connection, key).writing == "m1"
    assert ChatTable.unfinished(connection) == 1
    (turn,) = ChatTable.turns(connection, key)
    assert (turn.message.state, turn.message.text) == (AnswerState.interrupted, "Half")
    assert ChatTable.get(connection, key).writing == ""
    assert ChatTable.unfinished(connection) == 0


def test_a_branch_holds_what_was_said_and_told_until_then(connection: sqlite3.Connection) -> None:
    key = started(connection)
    for place, text in enumerate(("one", "two", "three"), 1):
        said(connection, key, place, text)
        kept = KeptResult(place, NOW, "GetQuotes", b"{}", f"[{place}]".encode())
        ChatTable.keep(connection, key, place, kept)
    branch = ChatTable.branch(connection, key, 2, "Other", NOW)
    new = key_of("owner", branch.id)
    assert (branch.origin, branch.title) == (key.id, "Other")
    assert [each.message.text for each in ChatTable.turns(connection, new)] == ["one", "two"]
    assert [each.answer for each in ChatTable.results(connection, new)] == [b"[1]", b"[2]"]
    with pytest.raises(NotFound, match="no message m9"):
        ChatTable.branch(connection, key, 9, "Other", NOW)
    with pytest.raises(NotFound, match="no result 'r3'"):
        ChatTable.result(connection, new, "r3")
