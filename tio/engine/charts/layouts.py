"""Saved chart layouts and indicator sets: text the screens understand, kept under a name."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from tio.api.access import Principal
from tio.api.charts import DeleteLayout, Layout, ListLayouts, SaveLayout
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import Invalid
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.layouts import LayoutTable
from tio.engine.written import written
from tio.plugin import Clock


class LayoutDesk:
    """Answers for saved layouts and indicator sets."""

    def __init__(self, database: Database, wall: Clock) -> None:
        self._database = database
        self._wall = wall

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ListLayouts: self._list, SaveLayout: self._save, DeleteLayout: self._delete}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here until somebody asks."""

    async def close(self) -> None:
        """The database is the engine's to close."""

    async def _list(self, asked: ListLayouts, by: Principal) -> tuple[Layout, ...]:
        return await self._database.read(lambda c: LayoutTable.list(c, by.name, asked.kind))

    async def _save(self, asked: SaveLayout, by: Principal) -> Layout:
        wanted = Layout(
            name=_named(asked.name),
            kind=asked.kind,
            content=_cleaned(asked.content),
            saved_at=self._wall.now(),
        )

        def save(connection: sqlite3.Connection) -> Layout:
            return LayoutTable.save(connection, by.name, wanted)

        return await written(self._database, self._wall, asked, by, save, Layout)

    async def _delete(self, asked: DeleteLayout, by: Principal) -> Layout:
        def delete(connection: sqlite3.Connection) -> Layout:
            return LayoutTable.delete(connection, by.name, asked.kind, _named(asked.name))

        return await written(self._database, self._wall, asked, by, delete, Layout)


def _named(text: str) -> str:
    name = clean(text).strip()
    if not name:
        raise Invalid("a layout needs a name", "give one of 1 to 60 characters")
    return name


def _cleaned(content: str) -> str:
    """JSON text with every text in it cleaned; Invalid when it is no JSON."""
    try:
        value = msgspec.json.decode(content)
        cleaned = _texts_cleaned(value)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Invalid("a layout's content must be JSON text, as the screens write it") from error
    return content if cleaned == value else msgspec.json.encode(cleaned).decode()


def _texts_cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case list():
            return [_texts_cleaned(each) for each in value]
        case dict():
            return {clean(key): _texts_cleaned(each) for key, each in value.items()}
    return value
