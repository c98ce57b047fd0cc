"""config.toml while the engine runs: read anew when it changes; broken, the last good one stays."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.errors import Misconfigured, TioError
from tio.api.system import ConfigState, GetConfig, ReloadConfig
from tio.config import Config, load
from tio.engine.service import Answer, Stream
from tio.plugin import Clock

log = logging.getLogger(__name__)

PERIOD = 3.0
"""Seconds between two looks at the file's date and size."""
AT_ONES_OWN_START = ("desk", "ui", "keys", "engine.workspace")
"""What each terminal and command reads when it starts; the engine has no use for it."""

Apply = Callable[[Config], None]


class SettingsFile:
    """Notices changes of the file at `path`; `config` is what is in use, the last good one."""

    def __init__(self, path: Path, config: Config, wall: Clock) -> None:
        self.config = config
        self._path = path
        self._wall = wall
        self._started = _flat(config)
        self._stamp = _stamp(path)
        self._read_at: datetime | None = None
        self._problem = ""
        self._live: dict[str, list[Apply]] = {"log.level": [_set_log_level]}
        self._task: asyncio.Task[None] | None = None

    def applies(self, setting: str, apply: Apply) -> None:
        """Say that a setting ("log.level"), or a whole table ("sources"), can change live."""
        self._live.setdefault(setting, []).append(apply)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetConfig: self._get, ReloadConfig: self._reload}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Read the file: it may have changed since whoever starts this engine read it."""
        if self._stamp is not None:
            self.read()
        self._task = asyncio.create_task(self._look(), name="config.toml")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def notice(self) -> str:
        """What a person should know: that the file is broken; else empty."""
        if not self._problem:
            return ""
        return f"{self._path.name} is broken, the settings from before stay in use"

    @property
    def state(self) -> ConfigState:
        """What is in use, since when, and what waits for a restart."""
        now = _flat(self.config)
        return ConfigState(
            path=str(self._path),
            read_at=self._read_at,
            problem=self._problem,
            waiting=tuple(
                name
                for name in _differing(self._started, now)
                if not _within(name, (*self._live, *AT_ONES_OWN_START))
            ),
        )

    def read(self) -> None:
        """Read the file now, and use it unless it is broken."""
        self._stamp = _stamp(self._path)
        try:
            config = load(self._path)
        except Misconfigured as error:
            self._problem = "; ".join(error.message.splitlines())
            log.error("%s: %s", self.notice, self._problem)
            return
        before, self.config = self.config, config
        mended, self._problem = bool(self._problem), ""
        changed = tuple(_differing(_flat(before), _flat(config)))
        for name, applied in self._live.items():
            for apply in applied if any(_within(each, (name,)) for each in changed) else ():
                try:
                    apply(config)
                except TioError as error:
                    log.error("%s of %s: %s", name, self._path.name, error.message)
        if changed or mended:
            self._read_at = self._wall.now()
            log.info("%s was read anew: %s", self._path.name, self._told(changed))

    def _told(self, changed: tuple[str, ...]) -> str:
        ways = {
            "now": [name for name in changed if _within(name, self._live)],
            "in the next terminal": [n for n in changed if _within(n, AT_ONES_OWN_START)],
        }
        known = {name for names in ways.values() for name in names}
        ways["after a restart"] = [name for name in changed if name not in known]
        told = [f"{', '.join(names)} {way}" for way, names in ways.items() if names]
        return "; ".join(told) or "nothing is other than before"

    async def _look(self) -> None:
        while True:
            await self._wall.sleep(PERIOD)
            if _stamp(self._path) != self._stamp:
                self.read()

    async def _get(self, _: GetConfig, __: Principal) -> ConfigState:
        return self.state

    async def _reload(self, _: ReloadConfig, __: Principal) -> ConfigState:
        self.read()
        return self.state


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of the file from another; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _flat(config: Config) -> dict[str, Any]:
    """Each setting by "table.name"."""
    tables = msgspec.to_builtins(config)
    return {f"{table}.{key}": value for table, of in tables.items() for key, value in of.items()}


def _differing(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    missing = object()
    return (
        name
        for name in dict.fromkeys((*before, *now))
        if before.get(name, missing) != now.get(name, missing)
    )


def _within(name: str, tables: "Mapping[str, Any] | tuple[str, ...]") -> bool:
    return any(name == table or name.startswith(f"{table}.") for table in tables)


def _set_log_level(config: Config) -> None:
    level = logging.getLevelNamesMapping()[config.log.level.upper()]
    root = logging.getLogger()
    root.setLevel(level)
    for handler in root.handlers:
        handler.setLevel(level)
    # The LOG screen hears everything from `info` on, whatever the file keeps.
    logging.getLogger("tio").setLevel(min(level, logging.INFO))
