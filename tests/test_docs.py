import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tio import config
from tio.api.errors import Misconfigured
from tio.api.market import Instrument
from tio.api.sources import SourceState
from tio.api.ticks import Tick, Trade
from tio.engine.plugins import PluginShelf, find
from tio.plugin import Traits

from fakes import FakeClock, settle

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").glob("*.md"))]


class Heard:
    symbols = frozenset({"TICK"})

    def __init__(self) -> None:
        self.ticks: list[Tick] = []

    async def changed(self) -> None:
        await asyncio.Event().wait()

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        self.ticks += ticks

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        raise AssertionError("it introduces nothing")

    def refused(self, symbol: str, reason: str) -> None:
        raise AssertionError(reason)

    def standing(self, state: SourceState, reason: str = "") -> None:
        raise AssertionError(reason)

    def frame(self, url: str, text: str) -> None:
        raise AssertionError("a metronome has no frames")


def block(page: str, language: str, word: str) -> str:
    """The first code block in `language` on a page that contains `word`."""
    text = (PROJECT / "docs" / page).read_text("utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return next(code for code in found if word in code)


async def test_the_plugin_guides_source_runs(tmp_path: Path) -> None:
    (tmp_path / "metronome.py").write_text(block("plugins.md", "python", "PLUGIN ="))
    found = find(tmp_path, tmp_path)
    shelf = PluginShelf(
        found, {"metronome": found["metronome"].digest}, {"metronome": {"price": 7}}
    )
    clock, heard = FakeClock(), Heard()

    (source,) = shelf.sources(shelf.load(), clock)
    running = asyncio.create_task(source.run(heard, heard))
    await clock.advance(2)
    running.cancel()
    await settle()

    assert [t.price for t in heard.ticks if isinstance(t, Trade)] == [7.0, 7.0, 7.0]
    assert [instrument.symbol for instrument in source.instruments()] == ["TICK"]


def test_the_user_guides_settings_are_settings() -> None:
    assert config.parse(block("user-guide.md", "toml", "[keys]")).keys["app.palette"] == "ctrl+k"


def test_the_user_guides_mistake_reads_as_shown() -> None:
    with pytest.raises(Misconfigured) as caught:
        config.parse("\n\n[ui]\ntheem = 'dark'")

    assert caught.value.message in (PROJECT / "docs" / "user-guide.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))

    for link in links:
        assert (page.parent / link).exists(), link


def test_the_clients_configuration_starts_a_command_there_is() -> None:
    (told,) = json.loads(block("mcp.md", "json", "mcpServers"))["mcpServers"].values()

    assert (told["command"], told["args"]) == ("tio", ["mcp"])
