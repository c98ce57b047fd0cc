"""What is held and what it is worth, live, as a pane."""

import asyncio
from collections.abc import Sequence
from typing import Any

from textual import events
from textual.containers import Container
from textual.content import Content

from tio.api.chats import Chip, ChipKind
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ledger import GetPositions, Positions
from tio.api.market import Quote, Quotes
from tio.api.portfolio import Holdings, LotRule, Position
from tio.api.proposals import ListProposals
from tio.screens.following import follow, in_words
from tio.screens.widgets.book_pane import NO_ENTRIES, BookPane
from tio.screens.widgets.lines import Line, Part
from tio.screens.widgets.portfolio_file import receipt_of, rows_of
from tio.screens.widgets.portfolio_table import PortfolioTable
from tio.screens.widgets.position_lines import (
    ORDERS,
    ordered,
    position_table,
    price_mark,
    summary,
)

AGAIN = 5.0
"""Seconds after which it is asked again whether there is a portfolio."""
NO_PORTFOLIO = (
    "No portfolio yet: n makes one, then a adds what happened.",
    "In a shell: tio portfolio create main USD",
)


PRICES = "last price, regular or extended"
LOW, HIGH = 24, 28
"""Rows of the screen below which the sums have two lines; from which the ledger has its share."""
FEW = 8
"""Rows both panes have at least."""


class PositionsPane(PortfolioTable):
    """Positions, cash and their total under the sums; the one stood on is the current symbol."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._order = ORDERS[0]
        self._rows: list[str] = []
        self._ranked: tuple[object, ...] = ()
        self._wrong = ""
        self._ruled: LotRule | None = None
        self._by_rule: Holdings | None = None
        self._asking = False
        self._priced: tuple[str, ...] = ()
        self._marks: dict[str, str] = {}
        self._looked: tuple[str, int] | None = None

    def on_mount(self) -> None:
        self.shown.heed(self._changed)
        self.watch(self.app, "symbol", self._point, init=False)
        self._tell()

    def start(self, engine: Engine) -> None:
        self._wrong, self._asking, self._priced = "", False, ()
        self.run("positions", self._follow, engine)

    async def _follow(self, engine: Engine) -> None:
        """Find the portfolio shown, waiting until there is one, and follow what it is worth."""
        while True:
            try:
                portfolio = await self.shown.ask(engine)
            except TioError as error:
                self._fail(in_words(error))
                return
            if portfolio is not None:
                break
            await asyncio.sleep(AGAIN)
        await follow(engine, Positions(portfolio.name), self._take, self._fail)

    def _take(self, held: Holdings, snapshot: bool) -> None:
        self._wrong = ""
        self.shown.take(held)
        self._ask_what_if()
        if self._looked != (self.shown.name, self.shown.version) and self.stage.engine is not None:
            self._looked = self.shown.name, self.shown.version
            self.run("proposals", self._ask_proposals, self.stage.engine)
        symbols = tuple(sorted(each.symbol for each in held.positions))
        if symbols and symbols != self._priced and self.stage.engine is not None:
            self._priced = symbols
            topic = Quotes(symbols)
            self.run("quotes", follow, self.stage.engine, topic, self._mark, self._unpriced)

    async def _ask_proposals(self, engine: Engine) -> None:
        """How many events the ledger lacks; what cannot be told is told by the view of them."""
        try:
            told = await engine.ask(ListProposals(self.shown.name))
        except TioError:
            return
        self.shown.proposed = len(told.proposals)
        self._tell()

    def _mark(self, quotes: Sequence[Quote], snapshot: bool) -> None:
        """Prices come with the positions; how far to trust each comes with its quote."""
        before = dict(self._marks)
        for quote in quotes:
            self.stage.quotes[quote.symbol] = quote
            self._marks[quote.symbol] = price_mark(quote)
        if self._marks != before:
            self._tell()

    def _unpriced(self, words: str) -> None:
        """What nobody can quote is told with the positions, as stale or lacking."""

    def _fail(self, words: str) -> None:
        if self.shown.held is not None:
            self.stage.say(words, "fall")
        self._wrong = words
        self._tell()

    def _changed(self) -> None:
        if self._ruled != self.shown.rule:
            self._ruled, self._by_rule, self._asking = self.shown.rule, None, False
            self._ask_what_if()
        self._tell()

    def _ask_what_if(self) -> None:
        """As if by another rule is asked, not followed: as often as what is there is told."""
        engine, rule = self.stage.engine, self.shown.rule
        if rule is not None and engine is not None and not self._asking:
            self._asking = True
            self.run("what if", self._by, engine, rule)

    async def _by(self, engine: Engine, rule: LotRule) -> None:
        try:
            self._by_rule = await engine.ask(GetPositions(self.shown.name, lots=rule))
        except TioError as error:
            self.stage.say(in_words(error), "fall")
        self._asking = False
        self._tell()

    def _tell(self) -> None:
        self._entitle()
        if self.stage.paint is None or not self.is_mounted:
            return
        held = self._by_rule or self.shown.held
        if held is None or not (held.positions or held.cash):
            self.show_table([], [([part], None) for part in self._instead()])
            self.shown.stand_on("")
            return
        positions = self._in_order(held)
        width, hidden = self.size.width - 2, self.shown.hidden
        most = 2 if self.screen.size.height < LOW else 3
        head: list[Line] = summary(held, width, hidden=hidden, most=most)
        title, lines = position_table(held, positions, width, hidden=hidden, marks=self._marks)
        things: list[object | None] = [*positions]
        things += [None] * (len(lines) - len(things))
        wanted = self.shown.symbol if self.shown.symbol in self._rows else self.stage.symbol
        at = self._rows.index(wanted) if wanted in self._rows else 0
        self.show_table([*head, title], list(zip(lines, things, strict=True)), at)
        self.shown.stand_on(self.symbol)
        self._share_room()

    def _share_room(self) -> None:
        """As high as what is told, where that leaves the ledger below enough."""
        box, book = self.parent, self.screen.query_one(BookPane)
        room = box.size.height if isinstance(box, Container) else 0
        if not room or self.screen.has_class("-three"):
            self.styles.height = "1fr"
            return
        low = room < HIGH
        least = room - FEW if low and book.has_focus else FEW if low else room * 2 // 5
        self.styles.height = max(min(len(self.lines) + 2, room - least), FEW)

    def _in_order(self, held: Holdings) -> list[Position]:
        """In an order that stays while prices move, until what is held or the order changes."""
        ranked = (self._order, self.shown.version, len(held.positions))
        if ranked != self._ranked:
            self._ranked = ranked
            self._rows = [each.symbol for each in ordered(held.positions, self._order)]
        place = {symbol: at for at, symbol in enumerate(self._rows)}
        return sorted(held.positions, key=lambda each: place.get(each.symbol, len(place)))

    def _instead(self) -> list[Part]:
        """What is said where there is nothing to show."""
        if self._wrong:
            return [(self._wrong, "fall"), ("r asks again.", "muted")]
        if self.shown.portfolios is None:
            return [("Waiting for the engine …", "muted")]
        if self.shown.portfolio is None:
            return [(words, "muted") for words in NO_PORTFOLIO]
        if self.shown.held is None:
            return [(f"Asking what {self.shown.name} holds …", "muted")]
        return [(NO_ENTRIES, "muted")]

    def _entitle(self) -> None:
        shown, portfolio = self.shown, self.shown.portfolio
        title = ["portfolio"]
        if portfolio is not None:
            names = [each.name for each in shown.portfolios or ()]
            of = f" ({names.index(portfolio.name) + 1}/{len(names)})" if len(names) > 1 else ""
            title += [f"{portfolio.name}{of}", portfolio.currency]
        if shown.proposed:
            title.append(f"{shown.proposed} proposal{'' if shown.proposed == 1 else 's'}")
        if shown.rule is not None:
            title.append(f"WHAT-IF {shown.rule.value}" if self._by_rule else "asking what if …")
        self.border_title = Content(" · ".join(title))
        told = [PRICES, f"by {self._order}"]
        if shown.held is not None and self.size.width >= 100:
            at = shown.held.at.astimezone(self.stage.zone)
            told.insert(1, f"as of {at:%H:%M:%S %Z}")
        self.border_subtitle = Content(" · ".join(told) if shown.held is not None else "")

    @property
    def symbol(self) -> str:
        """What one stands on, or empty."""
        return self.chosen.symbol if isinstance(self.chosen, Position) else ""

    def stood(self) -> None:
        self.shown.stand_on(self.symbol)
        if self.symbol:
            self.stage.symbol = self.symbol

    def _point(self, symbol: str) -> None:
        """The symbol changed elsewhere: the cursor goes there if it is held."""
        if symbol in self._rows and symbol != self.symbol:
            self.stand_on(self._rows.index(symbol))

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def action_open(self) -> None:
        """The chart of the symbol one stands on."""
        if self.symbol:
            self.stage.symbol = self.symbol
            self.stage.open_mode("chart")

    def action_sort(self) -> None:
        self._order = ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)]
        self._tell()

    def chip(self) -> Chip | None:
        """The position one stands on."""
        if self.shown.held is None or not self.symbol:
            return super().chip()
        portfolio = self.shown.held.portfolio
        return Chip(kind=ChipKind.position, about=self.symbol, portfolio=portfolio)

    def receipt(self) -> str:
        if self.shown.held is None or not isinstance(self.chosen, Position):
            return ""
        return receipt_of(self.chosen, self.shown.held.currency, hidden=self.shown.hidden)

    def table(self) -> tuple[str, list[Sequence[object]]]:
        held = self._by_rule or self.shown.held
        if held is None:
            return "", []
        return f"{held.portfolio}-positions", rows_of(held, self._in_order(held))
