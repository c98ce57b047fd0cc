"""JRNL: trades from flat to flat, the one stood on with its chart, and what all of them prove."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from tio.api.chats import Chip, ChipKind
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.journal import (
    By,
    ExpectancyReport,
    GetExpectancy,
    GetTrade,
    ListTrades,
    Trade,
    TradeStory,
)
from tio.api.ledger import ListPortfolios, Positions
from tio.api.portfolio import Holdings, Portfolio
from tio.draw import trades
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.frame import Frame
from tio.screens.shown_portfolio import DISCREET, name_shown, show_next
from tio.screens.ticket import NO_PORTFOLIO
from tio.screens.trade_notes import TradeNotes
from tio.screens.widgets import journal_lines as lines
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.table_lines import TableLines
from tio.screens.widgets.trade_chart import TradeChart

NONE = "No trade yet: a buy and the sale that closes it make one. a on PORT enters them."
NONE_CLOSED = "No trade is closed yet, and open ones prove nothing."
MEANING = (
    ("wins", "trades that gained, with Wilson's interval"),
    ("mean R", "gain by what the stop would have lost, with Student's interval"),
    ("factor", "all gains by all losses"),
    ("no edge", "the interval has zero in it: it may as well be chance"),
    ("too few", "under ten trades no interval is told"),
    ("left out", "open trades, and those filled on delayed data"),
)
"""What the figures of a group say; the intervals hold 95 %."""
ORDER = (By.setup, By.hour, By.weekday, By.month, By.symbol, By.side, By.rating)


class TradePane(Lines):
    """The trade under the cursor in full."""

    scope = "trade"
    hang = 8
    BINDINGS: ClassVar[list[BindingType]] = bindings("trade")

    def explain(self) -> None:
        """What the figures of groups say, in place of a trade."""
        self.border_title = Content("what they say")
        self.show([[(f"{name:<10}", "muted"), (words, "text")] for name, words in MEANING])

    def tell(self, story: TradeStory | None, *, hidden: bool) -> None:
        if story is None:
            self.border_title = Content("trade")
            self.show([])
            return
        trade = story.trade
        mark = trades.mark(trade)
        self.border_title = Content(" · ".join(filter(None, ["trade", trade.id, mark])))
        self.show(lines.story_lines(story, self.stage.zone, hidden=hidden))


class JournalPane(TableLines):
    """The trades of the portfolio shown, or what they prove by one thing after the other."""

    scope = "journal"
    BINDINGS: ClassVar[list[BindingType]] = bindings("journal")

    def __init__(self, below: TradePane, chart: TradeChart, **options: Any) -> None:
        super().__init__(**options)
        self._below, self._chart = below, chart
        self._portfolios: Sequence[Portfolio] | None = None
        self._found: tuple[Trade, ...] | None = None
        self._report: ExpectancyReport | None = None
        self._story: TradeStory | None = None
        self._by: By | None = None
        self._open = True
        self._booked: object = None
        self._wrong = ""

    def on_mount(self) -> None:
        super().on_mount()
        self._notes = TradeNotes(self.stage, self._written)
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("positions", self._follow, engine)

    @property
    def portfolio(self) -> str:
        return name_shown(self._portfolios, self.stage)

    @property
    def trade(self) -> Trade | None:
        """The trade under the cursor."""
        return self.chosen if isinstance(self.chosen, Trade) else None

    @property
    def hidden(self) -> bool:
        return self.stage.recall(DISCREET, "off") == "on"

    async def _follow(self, engine: Engine) -> None:
        """Ask for the trades whenever the ledger was written to."""
        try:
            self._portfolios = await engine.ask(ListPortfolios())
        except TioError as error:
            self._fail(in_words(error))
            return
        self._booked = None
        self._tell()
        if self.portfolio:
            await follow(engine, Positions(self.portfolio), self._heard, self._fail)

    def _heard(self, held: Holdings, snapshot: bool) -> None:
        positions = tuple((each.symbol, each.quantity, each.lots) for each in held.positions)
        booked = held.portfolio, positions, held.realised
        if booked != self._booked:
            self._booked = booked
            self._again()

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.portfolio:
            self.run("trades", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        name, by = self.portfolio, self._by
        try:
            if by is None:
                found = await engine.ask(ListTrades(name, open=self._open, limit=500))
            else:
                report = await engine.ask(GetExpectancy(name, by))
        except TioError as error:
            self._fail(in_words(error))
            return
        if (name, by) != (self.portfolio, self._by):
            return
        self._wrong = ""
        if by is None:
            self._found = found
        else:
            self._report = report
        self._tell()
        self.stood()

    def stood(self) -> None:
        """Ask for the whole of the trade the cursor stands on."""
        trade, engine = self.trade, self.stage.engine
        if trade is None or engine is None:
            self._told(None)
        elif self._story is None or self._story.trade != trade:
            self.run("story", self._ask_story, engine, trade)

    async def _ask_story(self, engine: Engine, trade: Trade) -> None:
        try:
            story = await engine.ask(GetTrade(self.portfolio, trade.id))
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        if self.trade is not None and self.trade.id == trade.id:
            self._told(story)

    def _told(self, story: TradeStory | None) -> None:
        self._story = story
        self.screen.set_class(self._by is not None, "-groups")
        if self._by is None:
            self._below.tell(story, hidden=self.hidden)
        else:
            self._below.explain()
        self._chart.tell(story)

    def _fail(self, words: str) -> None:
        self._wrong = words
        self._tell()

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        self._entitle()
        instead = self._instead()
        width = self.size.width - 2
        if instead:
            self.show_table([], [([instead], None)])
        elif self._by is None:
            found = self._found or ()
            head, rows = lines.trade_table(found, width, self.stage.zone, hidden=self.hidden)
            self.show_table([head], list(zip(rows, found, strict=True)))
        elif self._report is not None:
            head, rows = lines.expectancy_table(self._report, width, hidden=self.hidden)
            self.show_table([head], [(row, row) for row in rows])

    def _entitle(self) -> None:
        title = ["journal", self.portfolio]
        if self._by is not None:
            title.append(f"by {self._by.value}")
            if self._report is not None and self._report.marked:
                title.append(f"{self._report.marked} delayed left out")
        elif self._found:
            closed = sum(each.closed_at is not None for each in self._found)
            title.append(f"{closed} closed")
        self.border_title = Content(" · ".join(filter(None, title)))
        keys = "v what they prove · s setup · t plan · n note"
        if self._by is not None:
            keys = "v by the next thing · brackets hold 95 %"
        self.border_subtitle = Content(keys if self.size.width > 60 else "? keys")

    def _instead(self) -> tuple[str, str] | None:
        """What is said where there is nothing to show."""
        if self._wrong:
            return self._wrong, "fall"
        if self._portfolios is None:
            return "Waiting for the engine …", "muted"
        if not self.portfolio:
            return NO_PORTFOLIO, "muted"
        if self._by is None:
            if self._found is None:
                return "Gathering the trades …", "muted"
            return None if self._found else (NONE, "muted")
        if self._report is None or self._report.by is not self._by:
            return "Counting …", "muted"
        return None if self._report.all is not None else (NONE_CLOSED, "muted")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        super().repaint()
        self._tell()

    def action_open(self) -> None:
        if self.trade is not None and self._story is not None:
            frame = self._story.timeframe
            self.stage.obey(f"${self.trade.symbol} GP {frame.value if frame else ''}".strip())

    def action_view(self) -> None:
        """Trades, then what they prove by one thing after the other."""
        places = (None, *ORDER)
        self._by = places[(places.index(self._by) + 1) % len(places)]
        self._tell()
        self._again()

    def action_only(self) -> None:
        self._open = not self._open
        self._again()

    def action_picture(self) -> None:
        self.screen.toggle_class("-picture")

    def action_discreet(self) -> None:
        self.stage.remember(DISCREET, "off" if self.hidden else "on")
        self._tell()
        self._told(self._story)

    def action_next_portfolio(self) -> None:
        if show_next(self._portfolios, self.stage):
            self._found = self._report = None
            self._told(None)
            self.renew()

    def action_setup(self) -> None:
        known = sorted({each.setup for each in self._found or () if each.setup})
        self._notes.setup(self.portfolio, self.trade, known)

    def action_note(self) -> None:
        self._notes.note(self.portfolio, self.trade)

    def action_rate(self) -> None:
        self._notes.rate(self.portfolio, self.trade)

    def action_plan(self) -> None:
        self._notes.plan(self.portfolio, self.trade)

    def _written(self) -> None:
        self._story = None
        self._again()

    def chip(self) -> Chip | None:
        """The trade one stands on."""
        if self.trade is None:
            return super().chip()
        return Chip(kind=ChipKind.trade, about=self.trade.id, portfolio=self.portfolio)

    def receipt(self) -> str:
        trade = self.trade
        if trade is None or self.hidden:
            return ""
        return (
            f"trade {trade.id} {trades.said(trade)} gain {trade.gain} {trade.base}"
            f" risk {trade.risk} R {trade.r} · {trades.plan(trade)}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        if self._by is not None:
            if self._report is None:
                return "", []
            names = self._report.groups[0].__struct_fields__ if self._report.groups else ()
            rows: list[Sequence[object]] = [names]
            rows += [[getattr(each, name) for name in names] for each in self._report.groups]
            return f"{self.portfolio}-{self._by.value}", rows
        fields = ("id", "symbol", "side", "quantity", "entry", "exit", "gain", "risk", "r", "setup")
        rows = [fields]
        rows += [[getattr(each, name) for name in fields] for each in self._found or ()]
        return f"{self.portfolio}-trades", rows


class JournalScreen(Frame):
    """The trade journal over the screen one comes from."""

    CSS_PATH = "journal.tcss"

    def body(self) -> ComposeResult:
        below, chart = TradePane(), TradeChart()
        yield JournalPane(below, chart)
        with Horizontal(id="trade"):
            yield below
            yield chart
