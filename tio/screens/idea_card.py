"""The form of an idea card: prefilled with the symbol's price, a stop by its range, a target."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ideas import SaveIdea
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Portfolio
from tio.api.trading import OrderTicket
from tio.draw import ideas
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.idea_form import EXAMPLES, TEXTS, IdeaForm, card_asked, sized_by
from tio.screens.questions import Question
from tio.screens.shown_portfolio import DISCREET, name_shown, show_next
from tio.screens.ticket import NO_PORTFOLIO
from tio.screens.ticket_form import BY_RISK, NONE
from tio.screens.widgets.idea_lines import card_lines
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.ticket_lines import size_lines


class CardPane(Lines):
    """A card as it is written; what it comes to stands below."""

    scope = "card"
    hang = 13
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")

    def __init__(self, form: IdeaForm, symbol: str, **options: Any) -> None:
        super().__init__(**options)
        self._form = form
        self._of = symbol
        self._portfolios: Sequence[Portfolio] = ()
        self._sized: OrderTicket | None = None
        self._wrong = ""
        self._key = uuid.uuid4().hex
        self._kept: SaveIdea | None = None
        self.cursor = 0

    def on_mount(self) -> None:
        self._tell()

    def start(self, engine: Engine) -> None:
        self._of = self._of or self.stage.symbol
        self.run("card", self._begin, engine)

    @property
    def _portfolio(self) -> str:
        return name_shown(self._portfolios, self.stage)

    async def _begin(self, engine: Engine) -> None:
        try:
            portfolios = await engine.ask(ListPortfolios())
            self._portfolios = portfolios
        except TioError as error:
            self._wrong = in_words(error)
        await self._ask(engine)

    async def _ask(self, engine: Engine) -> None:
        """What the form comes to now; an entry at the market becomes the price of now."""
        form = self._form
        if self._of and self._portfolio:
            try:
                sized = await engine.ask(sized_by(form, self._portfolio, self._of))
            except TioError as error:
                self._sized, self._wrong = None, in_words(error)
            else:
                if form == self._form:
                    self._sized, self._wrong = sized, ""
                    if form.ticket.entry == "market":
                        self._form = form.written("entry", f"{sized.ticket.entry:f}")
        self._tell()

    def _change(self, form: IdeaForm) -> None:
        self._form, self._sized = form, None
        engine = self.stage.engine
        if engine is not None:
            self.run("card", self._ask, engine)
        self._tell()

    def _tell(self) -> None:
        side = self._form.ticket.side.value
        what = f"change {self._form.id}" if self._form.id else "new idea"
        title = [what, f"{side} {self._of}".strip(), self._portfolio]
        self.border_title = Content(" · ".join(filter(None, title)))
        keys = "←→ presets · c types · s side · enter keeps it"
        self.border_subtitle = Content(keys if self.size.width > 60 else "? keys")
        self.show(self._told())

    def _told(self) -> list[Line]:
        if not self._of:
            return [[("Choose a symbol in the watchlist, or type it: AAPL IDEA.", "muted")]]
        if self.stage.engine is None:
            return [[("Waiting for the engine …", "muted")]]
        if not self._portfolios and not self._wrong:
            return [[(NO_PORTFOLIO, "muted")]]
        hidden = self.stage.recall(DISCREET, "off") == "on"
        told = card_lines(self._form, self._sized, hidden=hidden)
        told.append([("", "muted")])
        if self._wrong:
            told.append([("", "fall"), (self._wrong, "fall")])
        elif self._sized is not None:
            told += size_lines(self._form.ticket, self._sized)[: 1 if hidden else 4]
        if not self._form.thesis:
            told.append([("A card needs its thesis: c on its line types it.", "muted")])
        return told

    @property
    def _line(self) -> str:
        return self._form.lines[min(self.cursor or 0, len(self._form.lines) - 1)]

    def action_up(self) -> None:
        self._stand((self.cursor or 0) - 1)

    def action_down(self) -> None:
        self._stand((self.cursor or 0) + 1)

    def _stand(self, at: int) -> None:
        self.cursor = min(max(at, 0), len(self._form.lines) - 1)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        at = event.y - 1 + self.scroll_offset.y
        if 0 <= at < len(self._form.lines):
            again = at == self.cursor
            self._stand(at)
            if again:
                self.action_type()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def action_before(self) -> None:
        self._step(-1)

    def action_after(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        if self._line in TEXTS:
            self.action_type()
        else:
            self._change(self._form.stepped(self._line, by))

    def action_side(self) -> None:
        if not self._form.id:
            self._change(self._form.turned())

    def action_next_portfolio(self) -> None:
        if not self._form.id and show_next(self._portfolios, self.stage):
            self._change(self._form)

    def action_type(self) -> None:
        name, now = self._line, self._form.text(self._line)

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                self._change(self._form.written(name, text))
            except TioError as error:
                self.stage.say(in_words(error), "fall")

        first = "" if now in (NONE, BY_RISK) else now
        self.app.push_screen(Question(f"{name}: {EXAMPLES[name]}", first), answered)

    def action_keep(self) -> None:
        engine = self.stage.engine
        if engine is None or not self._portfolio:
            return
        try:
            asked = card_asked(self._form, self._portfolio, self._of, self._sized)
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        if asked != self._kept:
            # What was changed after a refusal is another card.
            self._key, self._kept = uuid.uuid4().hex, asked
        self.stage.background("card", self._keep, engine, asked)

    async def _keep(self, engine: Engine, asked: SaveIdea) -> None:
        try:
            made = await engine.ask(asked, key=self._key)
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        self.stage.say(f"{made.id}: {ideas.said(made.plan, made.symbol)}", "rise")
        if self.is_attached and self.screen is self.app.screen:
            self.app.pop_screen()


class CardScreen(Frame):
    """A card's form over the cards."""

    def __init__(self, form: IdeaForm, symbol: str) -> None:
        super().__init__()
        self._form, self._symbol = form, symbol

    def body(self) -> ComposeResult:
        yield CardPane(self._form, self._symbol)
