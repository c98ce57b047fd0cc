"""Sources switched, tried and given keys through the words, on the engine of a real workspace."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.market import GetQuotes
from tio.api.sources import (
    DeleteKey,
    KeyPlace,
    ListKeys,
    ListRoutes,
    ListSources,
    SetKey,
    SourceState,
    SwitchSource,
    TrySource,
)
from tio.api.system import ReloadConfig
from tio.config import Config
from tio.engine.local import LocalEngine
from tio.engine.market.source_desk import SourceDesk
from tio.paths import Paths

from fakes import settle


class NoRing:
    """A machine without a keyring."""

    def get(self, account: str) -> str | None:
        raise RuntimeError("no backend")

    def set(self, account: str, value: str) -> None:
        raise RuntimeError("no backend")

    def delete(self, account: str) -> None:
        raise RuntimeError("no backend")


@pytest.fixture(autouse=True)
def without_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tio.engine.keys.vault.SystemRing", NoRing)


@pytest.fixture
async def engine(home: Path) -> AsyncIterator[Engine]:
    local = LocalEngine(Paths.find().workspace("main"), Config())
    await local.start()
    yield local.session()
    await local.close()


async def test_every_source_is_told_with_why_it_is_off(engine: Engine) -> None:
    reports = {report.name: report for report in await engine.ask(ListSources())}
    assert reports["kraken"].state is SourceState.off
    assert reports["kraken"].reason == "offline (TIO_OFFLINE is set)"
    assert reports["yahoo"].unofficial
    assert reports["alpaca"].lacks_key == ("key", "secret")


async def test_a_key_is_kept_told_of_and_forgotten_but_never_told(
    engine: Engine, home: Path
) -> None:
    kept = await engine.ask(SetKey("finnhub", "canary-7391"))
    assert kept.place is KeyPlace.file
    reports = await engine.ask(ListKeys())
    assert "canary-7391" not in repr(reports)
    assert "canary-7391" not in repr(SetKey("finnhub", "canary-7391"))
    (finnhub,) = [each for each in reports if each.source == "finnhub"]
    assert finnhub.place is KeyPlace.file
    forgotten = await engine.ask(DeleteKey("finnhub"))
    assert forgotten.place is KeyPlace.absent


async def test_no_file_of_the_engine_but_the_keys_own_holds_a_key(home: Path) -> None:
    local = LocalEngine(Paths.find().workspace("main"), Config())
    await local.start()
    await local.session().ask(SetKey("finnhub", "canary-7391"), key="once")
    await local.close()
    holding = [
        file.name
        for file in home.rglob("*")
        if file.is_file() and b"canary-7391" in file.read_bytes()
    ]
    assert holding == ["keys.json"]


async def test_a_switch_is_remembered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIO_OFFLINE")
    states = []
    for first in (True, False):
        local = LocalEngine(Paths.find().workspace("main"), Config())
        await local.start()
        engine = local.session()
        if first:
            await engine.ask(SwitchSource("okx", True))
            await engine.ask(SwitchSource("yahoo", False))
        reports = {report.name: report for report in await engine.ask(ListSources())}
        states.append((reports["okx"].state, reports["yahoo"].state, reports["kraken"].state))
        await local.close()
    assert states == [(SourceState.idle, SourceState.off, SourceState.idle)] * 2


async def test_config_toml_switches_sources_while_the_engine_runs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIO_OFFLINE")
    file = Paths.find().config_file
    file.parent.mkdir(parents=True)
    local = LocalEngine(Paths.find().workspace("main"), Config())
    await local.start()
    engine = local.session()

    async def state(name: str) -> SourceState:
        await settle()
        return next(r.state for r in await engine.ask(ListSources()) if r.name == name)

    assert await state("kraken") is SourceState.idle
    file.write_text("[sources.kraken]\nenabled = false\n")
    await engine.ask(ReloadConfig())
    assert await state("kraken") is SourceState.off
    assert await state("coinbase") is SourceState.idle
    file.write_text("[network]\noffline = true\n")
    await engine.ask(ReloadConfig())
    assert await state("coinbase") is SourceState.off
    await local.close()


@pytest.mark.parametrize(
    "asked",
    [SwitchSource("krakn", True), TrySource("krakn"), SetKey("krakn", "x"), DeleteKey("krakn")],
)
async def test_a_source_that_is_none_is_not_found(engine: Engine, asked: SwitchSource) -> None:
    with pytest.raises(NotFound, match="krakn"):
        await engine.ask(asked)


async def test_a_credential_a_source_does_not_take_is_refused_with_those_it_does(
    engine: Engine,
) -> None:
    with pytest.raises(NotFound) as refused:
        await engine.ask(SetKey("alpaca", "x", "password"))
    assert refused.value.next == "it takes key and secret"


async def test_offline_a_symbol_nobody_knows_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.ask(GetQuotes(("AAPL",)))
    assert await engine.ask(ListRoutes()) == ()


async def test_an_empty_key_is_refused(engine: Engine) -> None:
    with pytest.raises(Invalid):
        await engine.ask(SetKey("finnhub", ""))


async def test_switches_thrown_at_once_are_all_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIO_OFFLINE")
    for first in (True, False):
        local = LocalEngine(Paths.find().workspace("main"), Config())
        await local.start()
        engine = local.session()
        if first:
            names = ("yahoo", "kraken", "coinbase")
            await asyncio.gather(*(engine.ask(SwitchSource(name, False)) for name in names))
        reports = {report.name: report for report in await engine.ask(ListSources())}
        await local.close()
    assert {reports[name].state for name in names} == {SourceState.off}


async def test_a_source_is_not_begun_again_with_its_old_key_while_it_ends() -> None:
    begun: list[str] = []

    class Slow:
        """Shelf, feeds and router in one; the router looks while the feed ends."""

        kept = "with the old key"

        def __init__(self) -> None:
            self.shelf = self.router = self

        def reopen(self, name: str) -> None:
            self.kept = "with the new key"

        async def remove(self, name: str) -> None:
            begun.append(self.kept)

        def reconsider(self, name: str) -> None:
            """Nothing more is to be done."""

    slow: Any = Slow()
    desk = SourceDesk(slow, slow, *[slow] * 6)
    desk.begin_anew(["kraken"])
    await settle()
    assert begun == ["with the new key"]
