"""Chats with their messages and the results their figures stand on, each owner's apart."""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from tio.api.chats import (
    AnswerState,
    Chat,
    ChatHit,
    ChatMessage,
    Source,
    Speaker,
)
from tio.api.codec import decode, encode
from tio.api.errors import Invalid, NotFound
from tio.api.series import instant, moment

_CHATS = (
    "SELECT c.id, c.title, c.started, c.changed, c.as_of, c.origin, count(m.key), "
    "coalesce(sum(m.read), 0), coalesce(sum(m.written), 0), sum(m.cost), "
    "coalesce(max(CASE WHEN m.state = 'writing' THEN m.position END), 0) "
    "FROM chats c LEFT JOIN chat_messages m ON m.owner = c.owner AND m.chat = c.id "
    "WHERE c.owner = ?"
)
_OF = "owner = ? AND chat = ?"
_TERM = re.compile(r'"([^"]*)"|(\S+)')


class ChatKey(NamedTuple):
    """A chat among those of its owner."""

    owner: str
    number: int

    @property
    def id(self) -> str:
        return f"c{self.number}"


class Turn(NamedTuple):
    """A message, and what a model reads of it as JSON."""

    message: ChatMessage
    turn: str


class KeptResult(NamedTuple):
    """What a tool told in a chat: its word, as it was asked and its answer as JSON."""

    number: int
    at: datetime
    word: str
    asked: bytes
    answer: bytes

    @property
    def source(self) -> Source:
        return Source(
            result=f"r{self.number}",
            word=self.word,
            asked=self.asked.decode(),
            answer=self.answer.decode(),
            at=self.at,
        )


def key_of(owner: str, id: str) -> ChatKey:
    return ChatKey(owner, int(id[1:]))


class ChatTable:
    """The chats of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def start(
        connection: sqlite3.Connection,
        owner: str,
        title: str,
        now: datetime,
        as_of: datetime | None = None,
        origin: str = "",
    ) -> Chat:
        """Begin a chat."""
        (newest,) = connection.execute(
            "SELECT coalesce(max(id), 0) FROM chats WHERE owner = ?", (owner,)
        ).fetchone()
        bound = None if as_of is None else instant(as_of)
        at = instant(now)
        connection.execute(
            "INSERT INTO chats (owner, id, title, started, changed, as_of, origin) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (owner, newest + 1, title, at, at, bound, origin),
        )
        return ChatTable.get(connection, ChatKey(owner, newest + 1))

    @staticmethod
    def get(connection: sqlite3.Connection, key: ChatKey) -> Chat:
        """One chat; NotFound."""
        row = connection.execute(f"{_CHATS} AND c.id = ? GROUP BY c.id", key).fetchone()
        if row is None:
            raise NotFound(f"there is no chat {key.id!r}", "`tio chats list` names them")
        return _chat(row)

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str, limit: int) -> tuple[Chat, ...]:
        """An owner's chats, the one that changed last first."""
        rows = connection.execute(
            f"{_CHATS} GROUP BY c.id ORDER BY c.changed DESC, c.id DESC LIMIT ?", (owner, limit)
        )
        return tuple(map(_chat, rows))

    @staticmethod
    def rename(connection: sqlite3.Connection, key: ChatKey, title: str) -> Chat:
        connection.execute("UPDATE chats SET title = ? WHERE owner = ? AND id = ?", (title, *key))
        return ChatTable.get(connection, key)

    @staticmethod
    def delete(connection: sqlite3.Connection, key: ChatKey) -> Chat:
        """Take it away with all it held; as it was."""
        chat = ChatTable.get(connection, key)
        connection.execute(f"DELETE FROM chat_messages WHERE {_OF}", key)
        connection.execute(f"DELETE FROM chat_results WHERE {_OF}", key)
        connection.execute("DELETE FROM chats WHERE owner = ? AND id = ?", key)
        return chat

    @staticmethod
    def put(connection: sqlite3.Connection, key: ChatKey, turn: Turn, now: datetime) -> None:
        """Keep a message as it now is; the chat changed now."""
        message = turn.message
        connection.execute(
            "INSERT INTO chat_messages "
            "(owner, chat, position, key, state, said, read, written, cost, body, turn) "
            "VALUES (?, ?, ?, (SELECT coalesce(max(key), 0) + 1 FROM chat_messages), "
            "?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, chat, position) DO UPDATE "
            "SET state = excluded.state, said = excluded.said, read = excluded.read, "
            "written = excluded.written, cost = excluded.cost, body = excluded.body, "
            "turn = excluded.turn",
            (
                *key,
                int(message.id[1:]),
                message.state.value,
                _said(message),
                message.read,
                message.written,
                message.cost,
                encode(message).decode(),
                turn.turn,
            ),
        )
        connection.execute(
            "UPDATE chats SET changed = ? WHERE owner = ? AND id = ?", (instant(now), *key)
        )

    @staticmethod
    def amend(connection: sqlite3.Connection, key: ChatKey, message: ChatMessage) -> None:
        """Keep what changed beside a message's text: what became of its proposals."""
        connection.execute(
            f"UPDATE chat_messages SET body = ? WHERE {_OF} AND position = ?",
            (encode(message).decode(), *key, int(message.id[1:])),
        )

    @staticmethod
    def turns(connection: sqlite3.Connection, key: ChatKey) -> tuple[Turn, ...]:
        """All messages of a chat, oldest first."""
        rows = connection.execute(
            f"SELECT body, turn FROM chat_messages WHERE {_OF} ORDER BY position", key
        )
        return tuple(Turn(decode(body, ChatMessage), turn) for body, turn in rows)

    @staticmethod
    def keep(
        connection: sqlite3.Connection, key: ChatKey, position: int, result: KeptResult
    ) -> None:
        """Keep what a tool told for the message at that position."""
        connection.execute(
            "INSERT OR REPLACE INTO chat_results "
            "(owner, chat, number, position, at, word, asked, answer) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(*key, result.number, position, instant(result.at), result.word),
                result.asked.decode(),
                zlib.compress(result.answer, 1),
            ),
        )

    @staticmethod
    def results(connection: sqlite3.Connection, key: ChatKey) -> tuple[KeptResult, ...]:
        """All results of a chat in their order."""
        return tuple(
            _result(row)
            for row in connection.execute(
                "SELECT number, at, word, asked, answer FROM chat_results "
                f"WHERE {_OF} ORDER BY number",
                key,
            )
        )

    @staticmethod
    def result(connection: sqlite3.Connection, key: ChatKey, name: str) -> KeptResult:
        """One result by its name as r3; NotFound."""
        number = int(name[1:]) if re.fullmatch(r"r\d{1,9}", name) else 0
        row = connection.execute(
            f"SELECT number, at, word, asked, answer FROM chat_results WHERE {_OF} AND number = ?",
            (*key, number),
        ).fetchone()
        if row is None:
            raise NotFound(f"{key.id} has no result {name!r}", "`tio chats show` names them")
        return _result(row)

    @staticmethod
    def branch(
        connection: sqlite3.Connection, key: ChatKey, position: int, title: str, now: datetime
    ) -> Chat:
        """A new chat that holds all up to a message; NotFound where it is none of the chat's."""
        origin = ChatTable.get(connection, key)
        turns = [each for each in ChatTable.turns(connection, key) if _place(each) <= position]
        if not turns or _place(turns[-1]) != position:
            raise NotFound(f"{key.id} has no message m{position}", "`tio chats show` names them")
        made = ChatTable.start(connection, key.owner, title, now, origin.as_of, key.id)
        new = key_of(key.owner, made.id)
        for each in turns:
            # What it cost is counted where it was spent.
            message = replace(each.message, read=0, written=0, cost=None)
            ChatTable.put(connection, new, Turn(message, each.turn), now)
        connection.execute(
            "INSERT INTO chat_results (owner, chat, number, position, at, word, asked, answer) "
            "SELECT owner, ?, number, position, at, word, asked, answer FROM chat_results "
            f"WHERE {_OF} AND position <= ?",
            (new.number, *key, position),
        )
        return ChatTable.get(connection, new)

    @staticmethod
    def unfinished(connection: sqlite3.Connection) -> int:
        """Mark what an engine that is gone was still writing; how many there were."""
        rows = connection.execute(
            "SELECT key, body FROM chat_messages WHERE state = 'writing'"
        ).fetchall()
        for key, body in rows:
            message = replace(decode(body, ChatMessage), state=AnswerState.interrupted)
            connection.execute(
                "UPDATE chat_messages SET state = ?, body = ? WHERE key = ?",
                (message.state.value, encode(message).decode(), key),
            )
        return len(rows)

    @staticmethod
    def search(
        connection: sqlite3.Connection, owner: str, query: str, limit: int
    ) -> tuple[ChatHit, ...]:
        """Messages that hold every word of the query, the best first; Invalid without a word."""
        rows = connection.execute(
            "SELECT m.chat, c.title, m.position, m.body, snippet(chat_text, 0, '«', '»', '…', 16) "
            "FROM chat_text JOIN chat_messages m ON m.key = chat_text.rowid "
            "JOIN chats c ON c.owner = m.owner AND c.id = m.chat "
            "WHERE chat_text MATCH ? AND m.owner = ? ORDER BY rank, m.key DESC LIMIT ?",
            (match_of(query), owner, limit),
        )
        return tuple(_hit(row) for row in rows)


def _said(message: ChatMessage) -> str:
    """What a search finds a message by."""
    parts = [message.text, *(each.about for each in message.chips)]
    if (report := message.report) is not None:
        parts += [report.headline, *(line.text for each in report.sections for line in each.lines)]
    return "\n".join(parts)


def match_of(query: str) -> str:
    """A person's words as FTS5 reads them, all of them wanted: phrases, and beginnings `wor*`."""
    terms = [_term(phrase or word) for phrase, word in _TERM.findall(query.replace("\x00", ""))]
    wanted = " ".join(filter(None, terms))
    if not wanted:
        raise Invalid("there is no word to search for", "as `SearchChats` with query momentum")
    return wanted


def _term(text: str) -> str:
    begins = text.endswith("*")
    text = text.strip('*"')
    if not any(letter.isalnum() for letter in text):
        return ""
    return f'"{text.replace(chr(34), "")}"' + "*" * begins


def _place(turn: Turn) -> int:
    return int(turn.message.id[1:])


def _chat(row: Sequence[object]) -> Chat:
    number, title, started, changed, as_of, origin, messages, read, written, cost, writing = row
    return Chat(
        id=f"c{number}",
        title=str(title),
        started=_moment(started),
        changed=_moment(changed),
        messages=_count(messages),
        as_of=None if as_of is None else _moment(as_of),
        origin=str(origin),
        writing=f"m{writing}" if writing else "",
        read=_count(read),
        written=_count(written),
        cost=cost if isinstance(cost, float) else None,
    )


def _moment(value: object) -> datetime:
    assert isinstance(value, int)
    return moment(value)


def _count(value: object) -> int:
    assert isinstance(value, int)
    return value


def _result(row: Iterable[object]) -> KeptResult:
    number, at, word, asked, answer = row
    assert isinstance(answer, bytes)
    return KeptResult(
        _count(number), _moment(at), str(word), str(asked).encode(), zlib.decompress(answer)
    )


def _hit(row: Sequence[object]) -> ChatHit:
    chat, title, _, body, snippet = row
    message = decode(str(body), ChatMessage)
    return ChatHit(
        chat=f"c{chat}",
        title=str(title),
        message=message.id,
        speaker=Speaker(message.speaker),
        at=message.at,
        snippet=str(snippet),
    )
