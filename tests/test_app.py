"""The application: frame first, engine after, one current symbol, keys and words."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
import screen_market as market
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static
from waiting import until

from tio.api.contract import Engine
from tio.api.errors import Misconfigured, SourceUnavailable
from tio.api.indicators import ListIndicators
from tio.api.market import BarUpdates, Instrument, Quotes, SearchInstruments
from tio.api.system import FollowLink, JobState, Link, Links, ListJobs, Plugin, SaveSetting
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.questions import Question
from tio.screens.widgets.bottom_line import BottomLine
from tio.screens.widgets.command_field import CommandField

from fakes import FakeClock, FakeEngine


def app_on(fake: FakeEngine, config: Config | None = None, **options: Any) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = config or Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), **options)


async def test_the_frame_stands_before_the_engine_is_there() -> None:
    opened = asyncio.Event()
    fake = market.engine()

    async def slow() -> Engine:
        await opened.wait()
        return fake

    app = TioApp(slow, clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.engine is None
        assert app.screen.query_one("#watchlist")
        opened.set()
        await pilot.pause()
        await pilot.pause()
        assert app.symbol == "BTC-USD"


async def test_an_engine_that_cannot_be_opened_is_told_in_words() -> None:
    async def broken() -> Engine:
        raise SourceUnavailable("the daemon does not answer", "tio daemon start begins one.")

    app = TioApp(broken, clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.said == ("The daemon does not answer. tio daemon start begins one.", "fall")
        assert app.market == "no engine"


async def test_a_slash_pressed_before_the_panes_stand_opens_the_line_once_they_do() -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        line = app.screen.query_one(BottomLine)
        await pilot.pause()
        assert line.field is not None
        await line.field.remove()
        line.field = None
        app.action_search()
        await line.furnish()
        await pilot.pause()
        assert line.searching
        assert line.field is not None
        assert line.field.display


async def test_a_code_opens_its_screen_with_symbol_and_timeframe() -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("N", *"VDA gp 1h", "enter")
        await pilot.pause()
        await pilot.pause()
        assert (app.current_mode, app.symbol, app.timeframe) == ("chart", "NVDA", "1h")
        kept = [a for a in app.engine.asked if isinstance(a, SaveSetting)]  # type: ignore[union-attr]
        assert SaveSetting(key="command.history", value='"NVDA gp 1h"') in kept


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("aapl gpp", "Did you mean GP"),
        ("zzzz", "No source knows ZZZZ"),
        ("gp 7y", "GP does not know 7y"),
        ("aapl spy gp", "takes one symbol"),
    ],
)
async def test_a_line_that_cannot_be_done_is_answered_in_words(line: str, words: str) -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.obey(line)
        await pilot.pause()
        await pilot.pause()
        assert words in app.said[0]


@pytest.mark.parametrize("line", ["acme gp", "acme buy", "gp acme"])
async def test_a_symbol_said_without_its_prefix_is_the_one_meant(line: str) -> None:
    engine = market.engine()
    engine.answers |= {SearchInstruments: (Instrument(symbol="SIM:ACME"),), ListIndicators: ()}
    app = app_on(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.obey(line)
        await until(pilot, lambda: app.symbol == "SIM:ACME")
        assert app.about == "SIM:ACME"
        assert "No source knows" not in app.said[0]


async def test_the_slash_finds_a_symbol_and_makes_it_the_current_one() -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"tsl")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.symbol == "TSLA"
        assert not app.screen.query_one(CommandField).display


async def test_history_comes_back_with_the_up_arrow() -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("colon", *"spy", "enter")
        await pilot.press("colon", "up")
        assert app.screen.query_one(CommandField).value == "spy"
        await pilot.press("escape")


@pytest.mark.parametrize("key", "34579")
async def test_a_tab_to_come_says_what_will_be_there(key: str) -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        text = "\n".join(s.text for s in app.screen._compositor.render_strips())
        assert "not built yet" in text


async def test_a_link_group_is_followed_and_told() -> None:
    fake = market.engine()
    fake.topics[Links] = (Link("A", "ETH-USD"), Link("B", "SPY"))
    fake.answers[FollowLink] = lambda asked: Link(asked.group, asked.symbol)
    app = app_on(fake, link="A")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert app.symbol == "ETH-USD"
        await pilot.press("down")
        await pilot.pause()
        assert FollowLink(group="A", symbol="SPY") in fake.asked
        fake.push(Links, (Link("A", "GC=F"),))
        await pilot.pause()
        assert app.symbol == "GC=F"


async def test_quitting_asks_while_a_job_runs() -> None:
    fake = market.engine()
    fake.answers[ListJobs] = (market.job(JobState.running),)
    app = app_on(fake)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, Question)
        await pilot.press("n", "enter")
        assert app.is_running


async def test_what_is_shown_is_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        exporting = [worker for worker in app.workers if worker.group == "export"]
        for worker in exporting:
            await worker.wait()
        await pilot.pause()
        assert app.said == ("10 rows written to watchlist-main.csv", "rise")
        lines = (tmp_path / "watchlist-main.csv").read_text().splitlines()
        assert lines[0].startswith("symbol,last,")
        assert len(lines) == 1 + len(market.PRICES)


async def test_a_copied_figure_carries_its_receipt() -> None:
    app = app_on(market.engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("y")
        assert app.clipboard == (
            "BTC-USD 64210.5 USD · +1.24% since 24 h ago · coinbase"
            " · as of 2026-11-20T15:00:00+00:00 · realtime"
        )


def test_clashing_keys_in_the_file_are_refused() -> None:
    with pytest.raises(Misconfigured, match=r"app\.help"):
        app_on(market.engine(), Config(keys={"chart.type": "question_mark"}))


async def test_a_rebound_key_works_and_the_old_one_no_more() -> None:
    app = app_on(market.engine(), Config(keys={"app.settings": "ctrl+g"}))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await pilot.pause()
        assert len(app.screen_stack) == 1
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert len(app.screen_stack) == 2


async def test_a_hidden_screen_watches_nothing_and_a_question_hides_nothing() -> None:
    fake = market.engine()
    app = app_on(fake)
    async with app.run_test(size=(120, 40)) as pilot:

        async def watched(quotes: int, bars: int) -> bool:
            """Whether, as soon as everything under way is done, so many watch each."""
            for _ in range(50):
                kinds = [type(topic) for topic in fake.watching]
                if (kinds.count(Quotes), kinds.count(BarUpdates)) == (quotes, bars):
                    return True
                await pilot.pause()
            return False

        assert await watched(2, 1)
        await pilot.press("f")
        await pilot.pause()
        assert await watched(2, 1)
        await pilot.press("escape", "0")
        assert await watched(0, 0)
        await pilot.press("1")
        assert await watched(2, 1)


class FakePlugins:
    """One plugin's codes: HEY makes what it was given."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    def learn(self, plugins: Sequence[Plugin]) -> tuple[dict[str, str], tuple[str, ...]]:
        return {"HEY": "of the plugin greeter"}, ("Plugin other is broken: no luck",)

    def maker(self, code: str) -> Callable[[], object]:
        return self._make


class Greeting(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Static("hey", id="hey")


class Sulking(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Static("hey")
        raise RuntimeError("no greeting today")


class Grumbling(Screen[None]):
    """Composes well and fails afterwards."""

    def compose(self) -> ComposeResult:
        yield Static("hey")

    def on_mount(self) -> None:
        raise RuntimeError("no greeting after all")


class Tripping(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "trip", "Trip")]

    def action_trip(self) -> None:
        raise RuntimeError("tripped")


async def until_said_or_shown(pilot: Pilot[None], app: TioApp, line: str) -> None:
    before = app.screen
    await pilot.press("H", *line[1:], "enter")
    for _ in range(100):
        await pilot.pause()
        if app.screen is not before or "H" in app.said[0]:
            break


async def test_the_code_of_a_plugin_opens_its_screen() -> None:
    app = app_on(market.engine(), plugins=FakePlugins(Greeting))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await until_said_or_shown(pilot, app, "HEY")
        assert isinstance(app.screen, Greeting)
        assert app.screen.query_one("#hey")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Sulking, "HEY is broken: RuntimeError: no greeting today"),
        (object, "HEY is broken: TypeError: object is no Screen"),
    ],
)
async def test_a_broken_screen_of_a_plugin_is_a_sentence(make: Any, words: str) -> None:
    app = app_on(market.engine(), plugins=FakePlugins(make))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        desk = app.screen
        await until_said_or_shown(pilot, app, "HEY")
        assert app.said == (words, "fall")
        assert app.screen is desk


@pytest.mark.parametrize(
    ("make", "words"),
    [(Grumbling, "RuntimeError: no greeting after all"), (Tripping, "RuntimeError: tripped")],
)
async def test_a_plugins_screen_that_fails_later_is_left_with_a_sentence(
    make: Any, words: str
) -> None:
    app = app_on(market.engine(), plugins=FakePlugins(make))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        desk = app.screen
        await until_said_or_shown(pilot, app, "HEY")
        # Not with the pilot: it waits for a screen that will never answer again.
        app.simulate_key("x")
        for _ in range(500):
            await asyncio.sleep(0)
            if app.said[0] and app.screen is desk:
                break
        assert app.screen is desk
        assert app.said == (f"HEY is broken: {words}", "fall")
        await pilot.press("2")
        assert app.screen is not desk


async def test_a_code_nobody_has_tells_of_broken_plugins() -> None:
    app = app_on(market.engine(), plugins=FakePlugins(Greeting))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await until_said_or_shown(pilot, app, "HX QQ")
        assert app.said[0].endswith("Plugin other is broken: no luck")


@pytest.mark.parametrize("size", [(59, 30), (120, 19), (20, 5)])
async def test_a_terminal_too_small_is_told_and_comes_back(size: tuple[int, int]) -> None:
    app = app_on(market.engine())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        width, height = size
        top = "".join(str(app.screen.render()).split("\n"))
        assert top == f"tio needs 60x20, this is {width}x{height}"
        assert not app.screen.query_one("#watchlist").display or not any(
            widget.display and widget.size for widget in app.screen.children
        )
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        await pilot.pause()
        assert "needs" not in str(app.screen.render())
        assert app.screen.query_one("#watchlist").size.width > 0
        assert app.focused is not None
