"""What is exported can be read, and runs nothing."""

from pathlib import Path
from xml.etree import ElementTree

import fake_indicators as indicators
import pytest
from chart_scene import Scene, chart_scene
from textual.widgets import Input

from tio.api.errors import Conflict, Invalid
from tio.screens.exporting import write_csv
from tio.screens.questions import Question
from tio.screens.widgets.price_chart import PriceChart


def test_text_that_a_spreadsheet_would_run_is_quoted_and_numbers_stay(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert write_csv(file, [("symbol", "change"), ("=cmd()", -1.5)]) == 1
    assert file.read_text() == "symbol,change\n'=cmd(),-1.5\n"


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    with pytest.raises(Conflict):
        write_csv(file, [("a",)])
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        write_csv(tmp_path / "none" / "out.csv", [("a",)])


async def export(scene: Scene, file: Path) -> tuple[str, str]:
    """Export to a file; what the status line says of it."""
    await scene.press("e")
    await scene.until(lambda: isinstance(scene.app.screen, Question))
    scene.app.said = ("", "muted")
    field = scene.app.screen.query_one(Input)
    field.value = str(file)
    await scene.press("enter")
    for worker in [each for each in scene.app.workers if each.group == "export"]:
        await worker.wait()
    await scene.until(lambda: scene.app.said[0])
    return scene.app.said


async def test_a_chart_is_written_as_a_picture_or_as_its_figures(tmp_path: Path) -> None:
    async with chart_scene(indicators.engine()) as scene:
        await scene.press("i")
        await scene.type("rsi:21 ema:20")
        await scene.until(lambda: "RSI 21" in scene.shown() and "EMA 20" in scene.shown())
        picture, figures = tmp_path / "btc.svg", tmp_path / "btc.csv"
        assert await export(scene, picture) == (f"picture written to {picture}", "rise")
        assert (await export(scene, figures))[1] == "rise"

        drawn = ElementTree.fromstring(picture.read_text())
        words = " ".join(text for text in drawn.itertext())
        assert drawn.tag.endswith("svg")
        assert "BTC-USD" in words
        assert "coinbase" in words
        header, first = figures.read_text().splitlines()[:2]
        assert header.startswith("time,open,high,low,close,volume,EMA 20")
        assert "RSI 21" in header
        assert first.startswith("2026-")


async def test_a_picture_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "btc.svg"
    file.write_text("mine")
    async with chart_scene() as scene:
        words, tone = await export(scene, file)
    assert "is there already" in words
    assert tone == "fall"
    assert file.read_text() == "mine"


async def test_what_has_no_picture_says_so(tmp_path: Path) -> None:
    async with chart_scene(screen="desk") as scene:
        await scene.until(lambda: not isinstance(scene.app.focused, PriceChart))
        words, tone = await export(scene, tmp_path / "list.svg")
    assert "There is no picture here" in words
    assert tone == "fall"
    assert not list(tmp_path.iterdir())
