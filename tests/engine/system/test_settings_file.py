"""config.toml is read anew when it changes; while it is broken the last good one stays in use."""

import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tio.api.access import OWNER, Principal
from tio.api.contract import Role
from tio.api.errors import Conflict, NotAllowed
from tio.api.system import GetConfig, ReloadConfig
from tio.config import Config, load
from tio.engine.session import Session
from tio.engine.system.settings_file import PERIOD, SettingsFile

from fakes import FakeClock

GOOD = "[demo]\nseed = 3\n"
BROKEN = "[demo]\nsede = 4\n"


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """Leave the loggers as they were."""
    root = logging.getLogger()
    leveled: list[logging.Logger | logging.Handler] = [root, logging.getLogger("tio")]
    before = [(each, each.level) for each in (*leveled, *root.handlers)]
    yield
    for each, level in before:
        each.setLevel(level)


class Opened:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "config.toml"
        self.written = 0
        self.write(GOOD)
        self.clock = FakeClock()
        self.file = SettingsFile(self.path, load(self.path), self.clock)
        self.session = Session(OWNER, self.file.answers(), self.file.streams())

    def write(self, text: str) -> None:
        self.written += 1
        self.path.write_text(text)
        # Two writings within one tick of the file system's clock have dates of their own here.
        os.utime(self.path, ns=(self.written * 10**9, self.written * 10**9))

    async def look(self) -> None:
        await self.clock.advance(PERIOD)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    made = Opened(tmp_path)
    await made.file.start()
    yield made
    await made.file.close()


async def test_a_file_that_did_not_change_is_not_read(opened: Opened) -> None:
    await opened.look()
    state = await opened.session.ask(GetConfig())
    assert (state.read_at, state.problem, state.waiting) == (None, "", ())


async def test_a_change_is_noticed_and_waits_for_a_restart(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tio")
    opened.write("[demo]\nseed = 9\n[ui]\ntheme = 'light'\n[sources.kraken]\nenabled = false\n")
    assert (await opened.session.ask(GetConfig())).waiting == ()
    await opened.look()
    assert opened.file.config.demo.seed == 9
    state = await opened.session.ask(GetConfig())
    assert state.waiting == ("demo.seed", "sources.kraken")
    assert state.read_at == opened.clock.now()
    (line,) = caplog.messages
    assert line == (
        "config.toml was read anew: ui.theme in the next terminal; "
        "demo.seed, sources.kraken after a restart"
    )
    opened.write(GOOD)
    await opened.look()
    assert (await opened.session.ask(GetConfig())).waiting == ()


async def test_what_changed_before_the_engine_began_is_noticed_too(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.write("[demo]\nseed = 9\n")
    await opened.file.start()
    assert (await opened.session.ask(GetConfig())).waiting == ("demo.seed",)
    await opened.file.close()


async def test_a_broken_file_leaves_the_last_good_one_in_use(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tio")
    opened.write("[demo]\nseed = 5\n")
    await opened.look()
    caplog.clear()
    opened.write(BROKEN)
    for _ in range(3):
        await opened.look()
    assert opened.file.config.demo.seed == 5
    state = await opened.session.ask(GetConfig())
    assert "unknown key; did you mean 'seed'?" in state.problem
    assert ":2:" in state.problem
    assert opened.file.notice == "config.toml is broken, the settings from before stay in use"
    (told,) = caplog.records
    assert told.levelname == "ERROR"
    assert state.problem in told.getMessage()

    opened.write("[demo]\nseed = 5\n")
    await opened.look()
    assert opened.file.notice == ""
    assert (await opened.session.ask(GetConfig())).problem == ""
    assert caplog.messages[-1].endswith("nothing is other than before")


async def test_a_file_nobody_can_read_as_text_is_broken_too(opened: Opened) -> None:
    opened.path.write_bytes(b"\xff\xfe\x00")
    await opened.look()
    assert "not UTF-8" in (await opened.session.ask(GetConfig())).problem
    assert opened.file.config.demo.seed == 3


async def test_a_file_that_is_gone_means_the_defaults(opened: Opened) -> None:
    opened.path.unlink()
    await opened.look()
    assert opened.file.config == Config()
    opened.write(GOOD)
    await opened.look()
    assert opened.file.config.demo.seed == 3


async def test_the_log_level_applies_live(opened: Opened) -> None:
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        for name, level, heard in (("warning", 30, 20), ("debug", 10, 10)):
            opened.write(f'{GOOD}[log]\nlevel = "{name}"\n')
            await opened.look()
            assert handler.level == logging.getLogger().level == level
            assert logging.getLogger("tio").level == heard
            assert (await opened.session.ask(GetConfig())).waiting == ()
    finally:
        logging.getLogger().removeHandler(handler)


async def test_whoever_can_apply_a_table_live_is_told_of_its_changes_alone(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Config] = []

    def refuse(config: Config) -> None:
        raise Conflict("not while it plays")

    opened.file.applies("sources", told.append)
    opened.file.applies("demo.rate", refuse)
    opened.write("[demo]\nseed = 4\n")
    await opened.look()
    assert told == []
    opened.write("[demo]\nseed = 4\nrate = 5.0\n[sources.kraken]\nenabled = false\n")
    await opened.look()
    assert [config.source("kraken").enabled for config in told] == [False]
    assert "demo.rate of config.toml: not while it plays" in caplog.messages
    assert (await opened.session.ask(GetConfig())).waiting == ("demo.seed",)


async def test_it_is_read_at_once_when_somebody_asks(opened: Opened) -> None:
    opened.write("[demo]\nseed = 8\n")
    state = await opened.session.ask(ReloadConfig())
    assert state.waiting == ("demo.seed",)
    assert opened.file.config.demo.seed == 8


async def test_only_the_owner_sees_the_file(opened: Opened) -> None:
    guest = Session(Principal("guest", Role.trader), opened.file.answers(), opened.file.streams())
    for word in (GetConfig(), ReloadConfig()):
        with pytest.raises(NotAllowed):
            await guest.ask(word)
