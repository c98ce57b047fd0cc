"""Answers the words about plugins."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.system import EnablePlugin, ListPlugins, Plugin
from tio.engine.plugins.shelf import PluginShelf
from tio.engine.service import Answer, Stream

Keep = Callable[[str, str], Awaitable[None]]


class PluginService:
    """ListPlugins and EnablePlugin; `keep(name, digest)` stores a pin for the next start."""

    def __init__(self, shelf: PluginShelf, keep: Keep) -> None:
        self._shelf = shelf
        self._keep = keep

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ListPlugins: self._list, EnablePlugin: self._enable}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Plugins run from the engine's start on; nothing is left to do."""

    async def close(self) -> None:
        """A plugin's sources are closed by whoever runs them."""

    async def _list(self, request: ListPlugins, principal: Principal) -> tuple[Plugin, ...]:
        return self._shelf.listed()

    async def _enable(self, request: EnablePlugin, principal: Principal) -> Plugin:
        plugin = self._shelf.trust(request.name, request.digest)
        await self._keep(plugin.name, plugin.digest)
        return msgspec.structs.replace(plugin, reason="runs from the next start on")
