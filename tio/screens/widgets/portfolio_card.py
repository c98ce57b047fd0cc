"""The portfolio at a glance on the Desk: what it is worth, its day, its largest positions."""

import asyncio
from decimal import Decimal

from textual import events
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ledger import ListPortfolios, Positions
from tio.api.portfolio import Holdings, Portfolio, Position
from tio.draw.amounts import money, percent
from tio.screens.following import follow, in_words
from tio.screens.shown_portfolio import DISCREET, shown_among
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.position_lines import arrowed, day_base, ordered, summary, tone

AGAIN = 5.0
"""Seconds after which it is asked again whether there is a portfolio."""
PART = 8
"""Rows of the screen for each position shown."""
NO_PORTFOLIO = "No portfolio yet: 6, then n makes one."
_COLUMNS = (
    Column("SYMBOL", right=False),
    Column("WEIGHT", 2),
    Column("VALUE", 1),
    Column("DAY%"),
    Column("UNREALISED", 3),
    Column("GAIN%"),
)


class PortfolioCard(Lines, can_focus=False):
    """Follows the portfolio shown last while it is in sight; a click opens it."""

    def on_mount(self) -> None:
        self._portfolio: Portfolio | None = None
        self._held: Holdings | None = None
        self._words = "Waiting for the engine …"
        self._tell()

    def start(self, engine: Engine) -> None:
        if self.display:
            self.run("portfolio", self._follow, engine)

    def on_show(self) -> None:
        """There is room for it now."""
        if self._held is None and self.stage.engine is not None and self.screen.is_active:
            self.start(self.stage.engine)

    def on_hide(self) -> None:
        self.stop()
        self._held = None

    async def _follow(self, engine: Engine) -> None:
        while True:
            try:
                portfolios = await engine.ask(ListPortfolios())
            except TioError as error:
                self._say(in_words(error))
                return
            self._portfolio = shown_among(portfolios, self.stage)
            if self._portfolio is not None:
                break
            self._say(NO_PORTFOLIO)
            await asyncio.sleep(AGAIN)
        await follow(engine, Positions(self._portfolio.name), self._take, self._say)

    def _take(self, held: Holdings, snapshot: bool) -> None:
        self._held = held
        self._tell()

    def _say(self, words: str) -> None:
        """Words in place of figures."""
        self._held, self._words = None, words
        self._tell()

    def _tell(self) -> None:
        held = self._held
        name = [] if self._portfolio is None else [self._portfolio.name]
        self.border_title = Content(" · ".join(["portfolio", *name]))
        if held is None:
            self.border_subtitle = Content("")
            self.show([[(self._words, "muted")]])
        elif self.stage.paint is not None:
            hidden = self.stage.recall(DISCREET, "off") == "on"
            most = self.screen.size.height // PART
            self.show(card_lines(held, self.size.width - 2, most, hidden=hidden))
            rest = len(held.positions) - most
            more = f"{rest} more · " if rest > 0 else ""
            self.border_subtitle = Content(f"{more}{held.currency} · 6 shows all")
        self.styles.height = len(self.lines) + 2

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def on_click(self) -> None:
        self.stage.open_mode("portfolio")


def card_lines(held: Holdings, width: int, most: int, *, hidden: bool) -> list[Line]:
    """The sums on three lines, then so many of the largest positions."""
    largest = ordered(held.positions, "value")[:most]
    lines = summary(held, width, hidden=hidden, most=3)
    if largest:
        title, rows = columned(_COLUMNS, [_row(each, held, hidden) for each in largest], width)
        lines += [title, *rows]
    return lines


def _row(each: Position, held: Holdings, hidden: bool) -> list[Cell]:
    about = "~" if each.stale and each.value is not None else ""
    return [
        (each.symbol, "muted" if each.stale else "text"),
        (percent(each.weight, Decimal(1), sign=False), "muted"),
        (about + money(each.value, held.currency, hidden=hidden), "muted" if about else "text"),
        arrowed(each.day_change, day_base(each.value, each.day_change)),
        (money(each.unrealised, held.currency, sign=True, hidden=hidden), tone(each.unrealised)),
        arrowed(each.unrealised, each.base_cost),
    ]
