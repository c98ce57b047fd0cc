"""BUY and SELL: a paper ticket, from a stop and a risk to an order; enter previews, then places."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import SearchInstruments, Side
from tio.api.portfolio import Portfolio
from tio.api.trading import OrderPreview, OrderTicket, PlaceOrder, PreviewOrder
from tio.draw import orders
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.named import meant
from tio.screens.questions import Question
from tio.screens.shown_portfolio import name_shown, show_next
from tio.screens.ticket_form import (
    EXAMPLES,
    PRESETS,
    TicketForm,
    closing,
    order_asked,
    ticket_asked,
)
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.ticket_lines import at_market, form_lines, preview_lines, size_lines

EVERY = 2.0
"""Seconds after which a ticket at the market is reckoned anew."""
NO_PORTFOLIO = "No portfolio yet: n on PORT makes one, or tio portfolio create main USD."


class TicketPane(Lines):
    """The ticket of the current symbol; what it comes to follows the market until previewed."""

    scope = "ticket"
    hang = 2
    BINDINGS: ClassVar[list[BindingType]] = bindings("ticket")

    def __init__(self, side: Side, **options: Any) -> None:
        super().__init__(**options)
        self._form = TicketForm(side)
        self._of = ""
        self._portfolios: Sequence[Portfolio] = ()
        self._sized: OrderTicket | None = None
        self._seen: OrderPreview | None = None
        self._placed: list[Line] = []
        self._wrong = ""
        self._begun = False
        self._ready: PlaceOrder | None = None
        """What was previewed, as it is placed."""
        self._key = ""
        self.cursor = 0

    def on_mount(self) -> None:
        self._of = self.stage.about or self.stage.symbol
        self.set_interval(EVERY, self._beat)
        self._tell()

    def start(self, engine: Engine) -> None:
        self._of = self._of or self.stage.symbol
        self.run("ticket", self._begin, engine)

    @property
    def _portfolio(self) -> str:
        return name_shown(self._portfolios, self.stage)

    async def _begin(self, engine: Engine) -> None:
        """Find symbol and portfolio; a sale of what is held begins as one that closes it."""
        try:
            portfolios = await engine.ask(ListPortfolios())
            self._portfolios = portfolios
            if self._of and not self._begun:
                found = await engine.ask(SearchInstruments(query=self._of, limit=8))
                one = meant(self._of, found)
                self._of = self._of if one is None else one.symbol
            if self._portfolio and self._of and not self._begun:
                held = await engine.ask(GetPositions(self._portfolio))
                self._begin_closing({each.symbol: each.quantity for each in held.positions})
                self._begun = True
        except TioError as error:
            self._wrong = in_words(error)
            self._tell()
            return
        await self._ask(engine)

    def _begin_closing(self, held: dict[str, Any]) -> None:
        quantity = held.get(self._of)
        against = quantity and (quantity > 0) == (self._form.side is Side.sell)
        if quantity and against:
            self._form = closing(self._form.side, quantity)
        elif self._form.side is Side.sell:
            # Nothing is held: what is sold can only be short.
            self._form = self._form.written("short", "yes")

    async def _ask(self, engine: Engine) -> None:
        """What the form comes to now."""
        form, self._wrong = self._form, ""
        if self._of and self._portfolio and form.sized:
            try:
                sized = await engine.ask(ticket_asked(form, self._portfolio, self._of))
                if form == self._form:
                    self._sized = sized
            except TioError as error:
                self._sized, self._wrong = None, in_words(error)
        else:
            self._sized = None
        self._tell()

    def _beat(self) -> None:
        engine = self.stage.engine
        live = at_market(self._form) and self._form.sized and self._seen is None
        if engine is not None and live and self.screen.is_active and self._begun:
            self.run("ticket", self._ask, engine)

    def _change(self, form: TicketForm) -> None:
        """Another form: what was previewed is taken back."""
        self._form, self._seen, self._placed = form, None, []
        self.cursor = min(self.cursor or 0, len(form.lines) - 1)
        self.scroll_to(y=0, animate=False)
        engine = self.stage.engine
        if engine is not None:
            self.run("ticket", self._ask, engine)
        self._tell()

    def _tell(self) -> None:
        side = self._form.side.value
        title = ["PAPER", f"{side} {self._of}".strip(), self._portfolio]
        self.border_title = Content(" · ".join(filter(None, title)))
        self.border_subtitle = Content("←→ presets · c types · s side · enter previews")
        self.show(self._told())

    def _told(self) -> list[Line]:
        if not self._of:
            return [[("Choose a symbol in the watchlist, or type it: AAPL BUY.", "muted")]]
        if self.stage.engine is None:
            return [[("Waiting for the engine …", "muted")]]
        if not self._portfolios and not self._wrong:
            return [[(NO_PORTFOLIO, "muted")]]
        told = form_lines(self._form, self._sized)
        told.append([("", "muted")])
        if self._wrong:
            told.append([(self._wrong, "fall")])
        elif self._sized is not None:
            told += size_lines(self._form, self._sized)
        below = self._placed or ([] if self._seen is None else preview_lines(self._seen))
        return [*told, *([[("", "muted")], *below] if below else [])]

    @property
    def _line(self) -> str:
        return self._form.lines[min(self.cursor or 0, len(self._form.lines) - 1)]

    def action_up(self) -> None:
        self._stand((self.cursor or 0) - 1)

    def action_down(self) -> None:
        self._stand((self.cursor or 0) + 1)

    def _stand(self, at: int) -> None:
        self.cursor = min(max(at, 0), len(self._form.lines) - 1)
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        at = event.y - 1 + self.scroll_offset.y
        if 0 <= at < len(self._form.lines):
            again = at == self.cursor
            self._stand(at)
            if again:
                self.action_after()

    def action_before(self) -> None:
        self._change(self._form.stepped(self._line, -1))

    def action_after(self) -> None:
        self._change(self._form.stepped(self._line, 1))

    def action_side(self) -> None:
        """The other side, its lines as a ticket begins."""
        other = Side.sell if self._form.side is Side.buy else Side.buy
        self._form, self._begun = TicketForm(other), False
        self._seen, self._placed = None, []
        self.renew()

    def action_next_portfolio(self) -> None:
        if show_next(self._portfolios, self.stage):
            self._change(self._form)

    def action_type(self) -> None:
        name = self._line

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                self._change(self._form.written(name, text))
            except TioError as error:
                self.stage.say(in_words(error), "fall")

        now = getattr(self._form, name)
        first = "" if now in PRESETS[name] and name in ("entry", "quantity") else now
        self.app.push_screen(Question(f"{name}: {EXAMPLES[name]}", first), answered)

    def action_send(self) -> None:
        """Say what it comes to; said and not changed, place it."""
        engine = self.stage.engine
        if engine is None or not self._portfolio or not self._of or self._placed:
            return
        if self._seen is None or self._seen.refused or self._ready is None:
            self._key = uuid.uuid4().hex
            self.run("send", self._preview, engine)
        else:
            self.stage.background("place", self._place, engine, self._ready)

    async def _preview(self, engine: Engine) -> None:
        try:
            told = self._form, self._portfolio, self._of, self._sized
            ready = order_asked(PlaceOrder, *told)
            self._seen = await engine.ask(order_asked(PreviewOrder, *told))
            self._ready = ready
        except TioError as error:
            self.stage.say(in_words(error), "fall")
        self._tell()
        # What enter does next stands last, below the fold of a small terminal.
        self.scroll_end(animate=False)

    async def _place(self, engine: Engine, ready: PlaceOrder) -> None:
        try:
            made = await engine.ask(ready, key=self._key)
        except TioError as error:
            self._seen = None
            self.stage.say(in_words(error), "fall")
            self._tell()
            return
        self._placed = [
            [("placed ", "rise"), (f"{each.id} {orders.said(each)}", "text")] for each in made
        ]
        self._placed.append([("f10 shows the orders · esc leaves", "muted")])
        self.stage.say(f"PAPER {made[0].id}: {orders.said(made[0])}", "rise")
        self._tell()
        self.scroll_end(animate=False)

    def leave(self) -> bool:
        """Take the preview back."""
        there = self._seen is not None and not self._placed
        self._seen = None
        self._tell()
        return there

    def receipt(self) -> str:
        sized = self._sized
        if sized is None:
            return ""
        size, ticket = sized.ticket.size, sized.ticket
        return (
            f"PAPER {ticket.side.value} {size.quantity} {sized.symbol} at {ticket.entry},"
            f" stop {ticket.stop}, risk {size.risk} {sized.currency}"
            f" as of {self.stage.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        rows: list[Sequence[object]] = [("line", "value")]
        rows += [(name, getattr(self._form, name)) for name in self._form.lines]
        return f"ticket-{self._of}", rows


class TicketScreen(Frame):
    """A ticket over the screen one comes from."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self._side = side

    def body(self) -> ComposeResult:
        yield TicketPane(self._side)
