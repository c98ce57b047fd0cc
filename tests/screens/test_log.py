"""LOG: followed, narrowed to a level and to a text."""

import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest, until

from tio.api.contract import Engine
from tio.api.system import Log, LogLine
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.log import LogPane

from fakes import FakeClock, FakeEngine

LEVELS = ("debug", "info", "warning", "error", "critical", "odd")


def _line(level: str, message: str = "") -> LogLine:
    return LogLine(at=market.NOW, level=level, origin="feeds", message=message or f"a {level} line")


def _app(*lines: LogLine) -> tuple[TioApp, FakeEngine]:
    fake = market.engine()
    fake.topics[Log] = lines

    async def open_engine() -> Engine:
        return fake

    return TioApp(open_engine, config=Config(ui=Ui(time_zone="UTC")), clock=FakeClock()), fake


async def _log(pilot: Pilot[None]) -> LogPane:
    await at_rest(pilot)
    await pilot.press("f3")
    await until(pilot, lambda: any(pane.lines for pane in pilot.app.screen.query(LogPane)))
    return pilot.app.screen.query_one(LogPane)


def _said(pane: LogPane) -> list[str]:
    return [line[-1][0] for line in pane.lines]


async def test_a_key_goes_through_the_levels_and_says_which_is_shown() -> None:
    app, _ = _app(*map(_line, LEVELS))
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await _log(pilot)
        seen = []
        for _ in range(5):
            below = str(pane.border_subtitle)
            seen.append((below.partition("level: ")[2].partition(" · ")[0], len(pane.lines)))
            await pilot.press("v")
        assert seen == [
            ("all", 6),
            ("info and above", 4),
            ("warning and above", 3),
            ("error", 2),
            ("all", 6),
        ]


async def test_level_and_text_narrow_together_and_escape_takes_both_away() -> None:
    app, _ = _app(_line("info", "kraken is live"), _line("error", "kraken broke"), _line("error"))
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await _log(pilot)
        await pilot.press("v", "v", "f", *"KRAK", "enter")
        await pilot.pause()
        assert _said(pane) == ["kraken broke"]
        assert "1 of 3 lines" in str(pane.border_subtitle)
        assert pane.receipt().endswith("kraken broke")
        assert [row[-1] for row in pane.table()[1][1:]] == ["kraken broke"]
        await pilot.press("escape")
        assert len(pane.lines) == 3


async def test_what_comes_later_is_narrowed_too() -> None:
    app, fake = _app(_line("info"))
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await _log(pilot)
        await pilot.press("v", "v")
        assert _said(pane) == ["Nothing fits."]
        fake.push(Log, (_line("info"), _line("warning")))
        await until(pilot, lambda: _said(pane) == ["a warning line"])


async def test_an_empty_log_says_so_at_every_level() -> None:
    app, _ = _app()
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await _log(pilot)
        await pilot.press("v")
        assert _said(pane) == ["Nothing was logged yet."]
