"""What a person's screens keep: watchlists and settings, each owner's apart, each write once."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Invalid
from tio.api.system import GetSettings, SaveSetting, Setting
from tio.api.watchlists import (
    DeleteWatchlist,
    ListWatchlists,
    SaveWatchlist,
    Watchlist,
    Watchlists,
)
from tio.engine.bus import Bus
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.engine.store.watchlists import WatchlistTable
from tio.engine.written import written
from tio.plugin import Clock

Lists = tuple[Watchlist, ...]


class Keepsakes:
    """Answers for watchlists and settings; an owner's lists are told again after each change."""

    def __init__(self, database: Database, wall: Clock, bus: Bus) -> None:
        self._database = database
        self._wall = wall
        self._lists: dict[str, Lists] = {}
        self._reading = asyncio.Lock()
        self._channel = bus.latest(self._lists.get)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListWatchlists: self._list,
            SaveWatchlist: self._save,
            DeleteWatchlist: self._delete,
            GetSettings: self._settings,
            SaveSetting: self._save_setting,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Watchlists: self._watch}

    async def start(self) -> None:
        owners = await self._database.read(_owners)
        for owner in owners:
            await self._reload(owner)

    async def close(self) -> None:
        """The database is the engine's to close."""

    async def _list(self, _: ListWatchlists, principal: Principal) -> Lists:
        return self._lists.get(principal.name, ())

    async def _save(self, request: SaveWatchlist, principal: Principal) -> Watchlist:
        name = clean(request.name).strip()
        if not name:
            raise Invalid("a watchlist needs a name", "give one of 1 to 60 characters")
        symbols = dict.fromkeys(filter(None, (clean(s).strip() for s in request.symbols)))
        wanted = Watchlist(name, tuple(symbols), tuple(map(clean, request.columns)))

        def save(connection: sqlite3.Connection) -> Watchlist:
            return WatchlistTable.save(connection, principal.name, wanted, self._wall.now())

        saved = await written(self._database, self._wall, request, principal, save, Watchlist)
        await self._reload(principal.name)
        return saved

    async def _delete(self, request: DeleteWatchlist, principal: Principal) -> Watchlist:
        def delete(connection: sqlite3.Connection) -> Watchlist:
            return WatchlistTable.delete(connection, principal.name, request.name)

        deleted = await written(self._database, self._wall, request, principal, delete, Watchlist)
        await self._reload(principal.name)
        return deleted

    async def _settings(self, _: GetSettings, principal: Principal) -> tuple[Setting, ...]:
        return await self._database.read(lambda c: SettingsTable.list(c, principal.name))

    async def _save_setting(self, request: SaveSetting, principal: Principal) -> Setting:
        setting = Setting(request.key, request.value)

        def save(connection: sqlite3.Connection) -> Setting:
            return SettingsTable.save(connection, principal.name, setting, self._wall.now())

        return await written(self._database, self._wall, request, principal, save, Setting)

    async def _reload(self, owner: str) -> None:
        # One reading at a time: two could end in the other order than they began.
        async with self._reading:
            lists = await self._database.read(lambda c: WatchlistTable.list(c, owner))
            self._lists[owner] = lists
        self._channel.touch(owner)

    def _watch(self, _: Watchlists, principal: Principal, __: After | None) -> Watch[Lists]:
        def snapshot() -> Lists:
            return self._lists.get(principal.name, ())

        def newest(values: Sequence[Lists]) -> Lists:
            return values[-1]

        return self._channel.watch([principal.name], snapshot, newest)


def _owners(connection: sqlite3.Connection) -> list[str]:
    return [owner for (owner,) in connection.execute("SELECT DISTINCT owner FROM watchlists")]
