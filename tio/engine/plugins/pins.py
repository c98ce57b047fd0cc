"""Which plugins may run: what config.toml pins, and what `EnablePlugin` pinned."""

import sqlite3
from pathlib import Path

from tio.api.system import Setting
from tio.config import Plugins
from tio.engine.plugins.find import find
from tio.engine.plugins.shelf import PluginShelf
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.paths import Paths
from tio.plugin import Clock

KEEPER = "*engine*"
"""The owner of pins: no principal can be called so, hence none can pin by saving a setting."""


class PluginPins:
    """Reads and keeps the pins of a workspace."""

    def __init__(self, database: Database, wall: Clock) -> None:
        self._database = database
        self._wall = wall

    async def shelf(self, settings: Plugins) -> PluginShelf:
        """The plugins that are found, with the pins of both places; config.toml wins."""
        kept = await self._database.read(lambda c: SettingsTable.list(c, KEEPER))
        pins = {pin.key: pin.value for pin in kept} | settings.enabled
        own = Path(settings.folder).expanduser() if settings.folder else Paths.find().plugins
        return PluginShelf(find(own), pins, settings.settings)

    async def keep(self, name: str, digest: str) -> None:
        """Pin a plugin from the next start on."""

        def save(connection: sqlite3.Connection) -> None:
            SettingsTable.save(connection, KEEPER, Setting(name, digest), self._wall.now())

        await self._database.write(save)
