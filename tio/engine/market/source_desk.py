"""The words about sources: who serves what, try again, switch off, keys."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec

from tio.api.access import OWNER, Principal
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import NotFound
from tio.api.sources import (
    DeleteKey,
    KeyPlace,
    KeyReport,
    ListKeys,
    ListRoutes,
    Probe,
    ProbeSources,
    Route,
    SetKey,
    SourceReport,
    SourceState,
    SwitchSource,
    TrySource,
)
from tio.api.system import Setting
from tio.engine.feeds.live.catalogue import Known
from tio.engine.keys.vault import Vault, variable
from tio.engine.market.cross_check import CrossCheck
from tio.engine.market.feeding import Feeds
from tio.engine.market.live import LiveSources
from tio.engine.market.naming import Naming
from tio.engine.market.probing import probe
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

SWITCHES = "sources.switches"
"""The setting that remembers which sources were switched, as JSON: name → on."""


class SourceDesk:
    """Owns the router and the venues' lists; must start before the feeds do."""

    def __init__(
        self,
        live: LiveSources,
        feeds: Feeds,
        naming: Naming,
        vault: Vault,
        database: Database,
        wall: Clock,
        check: CrossCheck,
        hang_up: Callable[[], Awaitable[None]],
    ) -> None:
        self._live = live
        self._feeds = feeds
        self._naming = naming
        self._vault = vault
        self._database = database
        self._wall = wall
        self._check = check
        self._hang_up = hang_up
        self._tasks: set[asyncio.Task[None]] = set()

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListRoutes: self._routes,
            TrySource: self._try,
            SwitchSource: self._switch,
            ProbeSources: self._probe,
            ListKeys: self._keys,
            SetKey: self._set_key,
            DeleteKey: self._delete_key,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        shelf = self._live.shelf
        saved = await self._database.read(lambda c: SettingsTable.list(c, OWNER.name))
        shelf.switches.update(_switches(saved))
        await self._vault.load({each.name: _fields(each) for each in shelf.catalogue.values()})
        self._vault.listeners.append(self._key_changed)
        await self._live.router.start()
        self._check.start()

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._check.close()
        await self._live.router.close()
        await self._live.shelf.close()
        await self._hang_up()

    async def _routes(self, asked: ListRoutes, by: Principal) -> tuple[Route, ...]:
        return self._live.router.routes(self._naming.symbol(text) for text in asked.symbols)

    async def _try(self, asked: TrySource, by: Principal) -> SourceReport:
        feed = self._feeds.get(asked.name)
        if feed is not None and self._feeds.is_fixed(asked.name):
            feed.retry()
        else:
            self._known(asked.name)
            if feed is None or feed.state is not SourceState.live:
                # Begun anew: what rests, waits or was barred is asked at once.
                await self._anew(asked.name)
            self._live.try_now(asked.name)
        return self._report(asked.name)

    async def _switch(self, asked: SwitchSource, by: Principal) -> SourceReport:
        self._known(asked.name)
        switches = self._live.shelf.switches
        before = switches.copy()
        # At once: a second switch that comes while this one is written must hold both.
        switches[asked.name] = asked.on
        setting = Setting(SWITCHES, msgspec.json.encode(switches).decode())

        def save(connection: sqlite3.Connection) -> Setting:
            return SettingsTable.save(connection, OWNER.name, setting, self._wall.now())

        try:
            await self._database.write(save)
        except BaseException:
            _put_back(switches, before, asked.name)
            raise
        await self._anew(asked.name)
        return self._report(asked.name)

    async def _probe(self, asked: ProbeSources, by: Principal) -> tuple[Probe, ...]:
        shelf = self._live.shelf
        names = asked.names or tuple(name for name in shelf.catalogue if shelf.is_on(name))
        for name in names:
            self._known(name)
        return await probe(shelf, names, self._wall)

    async def _keys(self, asked: ListKeys, by: Principal) -> tuple[KeyReport, ...]:
        return tuple(
            self._key_report(each.name, field)
            for each in self._live.shelf.catalogue.values()
            for field in _fields(each)
        )

    async def _set_key(self, asked: SetKey, by: Principal) -> KeyReport:
        self._field(asked.source, asked.field)
        await self._vault.keep(asked.source, asked.field, asked.value.strip())
        await self._anew(asked.source)
        return self._key_report(asked.source, asked.field)

    async def _delete_key(self, asked: DeleteKey, by: Principal) -> KeyReport:
        self._field(asked.source, asked.field)
        await self._vault.forget(asked.source, asked.field)
        await self._anew(asked.source)
        return self._key_report(asked.source, asked.field)

    def _key_changed(self, source: str) -> None:
        log.info("the key of %s changed", source)

    def begin_anew(self, names: Iterable[str]) -> None:
        """Have sources begun anew, as when what config.toml says of them is another."""
        for name in names:
            task = asyncio.create_task(self._anew(name), name=f"{name} anew")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _anew(self, name: str) -> None:
        """Begin a source anew as its switch and its keys are now."""
        # First, for while the feed ends the router may already begin the next.
        self._live.shelf.reopen(name)
        await self._feeds.remove(name)
        self._live.router.reconsider(name)

    def _report(self, name: str) -> SourceReport:
        report = self._feeds.report(name)
        if report is None:
            raise NotFound(f"there is no source {clean(name)}", "`tio sources` lists them")
        return report

    def _known(self, name: str) -> Known:
        known = self._live.shelf.catalogue.get(name)
        if known is None:
            raise NotFound(f"there is no source {clean(name)}", "`tio sources` lists them")
        return known

    def _field(self, source: str, field: str) -> None:
        fields = _fields(self._known(source))
        if field not in fields:
            takes = f"it takes {' and '.join(fields)}" if fields else "it needs none"
            raise NotFound(f"{source} has no credential {clean(field)!r}", takes)

    def _key_report(self, source: str, field: str) -> KeyReport:
        place = self._vault.place(source, field)
        needed = field in self._live.shelf.catalogue[source].needs_key
        return KeyReport(source, field, place, needed, self._note(source, field, place))

    def _note(self, source: str, field: str, place: KeyPlace) -> str:
        match place:
            case KeyPlace.environment:
                return f"from {variable(source, field)}"
            case KeyPlace.file:
                return "in a file only you can read: this machine has no usable keyring"
            case KeyPlace.absent if self._vault.ringless:
                return "no usable keyring here: it would go into a file only you can read"
        return ""


def _fields(known: Known) -> tuple[str, ...]:
    return (*known.needs_key, *known.optional)


def _put_back(switches: dict[str, bool], before: Mapping[str, bool], name: str) -> None:
    """A switch as it was, where it could not be remembered."""
    if name in before:
        switches[name] = before[name]
    else:
        switches.pop(name, None)


def _switches(saved: tuple[Setting, ...]) -> dict[str, bool]:
    for setting in saved:
        if setting.key == SWITCHES:
            try:
                return msgspec.json.decode(setting.value, type=dict[str, bool])
            except msgspec.MsgspecError:
                log.warning("the switches of sources could not be read; each is as configured")
    return {}
