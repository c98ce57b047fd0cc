"""IDEA: cards with where they stand, taken as a paper bracket with one key, and their record."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip

from tio.api.chats import Chip, ChipKind
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ideas import (
    GetIdeaRecord,
    IdeaRecord,
    IdeaState,
    ListedIdea,
    ListIdeas,
    RecordBy,
)
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Portfolio
from tio.draw import ideas
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.idea_acts import NONE_CHOSEN, IdeaActs
from tio.screens.idea_form import IdeaForm, form_of
from tio.screens.shown_portfolio import DISCREET, name_shown, show_next
from tio.screens.ticket import NO_PORTFOLIO
from tio.screens.widgets.idea_lines import idea_lines, one_idea, record_lines, taking_lines
from tio.screens.widgets.lines import Line, Lines

EVERY = 2.0
"""Seconds after which cards and distances are asked for again."""
NONE = (
    "No idea card yet: a card says what you mean to do and why, and is scored when its time is up."
)
BEGIN = "a writes one of {}, with its price, a stop by its range and a target filled in."
OVER = (IdeaState.scored, IdeaState.given_up)


class IdeaPane(Lines):
    """The card under the cursor in full, and what taking it comes to."""

    scope = "idea"
    hang = 10
    BINDINGS: ClassVar[list[BindingType]] = bindings("idea")

    def tell(self, title: str, lines: list[Line]) -> None:
        self.border_title = Content(title)
        self.show(lines)


class IdeasPane(Lines):
    """The cards of the portfolio shown, newest first; or what those prove that were scored."""

    scope = "ideas"
    BINDINGS: ClassVar[list[BindingType]] = bindings("ideas")

    def __init__(self, below: IdeaPane, **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._portfolios: Sequence[Portfolio] | None = None
        self._found: tuple[ListedIdea, ...] | None = None
        self._record: tuple[IdeaRecord, ...] = ()
        self._by: RecordBy | None = None
        self._over = True
        self._wrong = ""
        self.cursor = 1

    def on_mount(self) -> None:
        self._acts = IdeaActs(self.stage, self._tell, self._again)
        self.set_interval(EVERY, self._again)
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("ideas", self._begin, engine)

    @property
    def portfolio(self) -> str:
        return name_shown(self._portfolios, self.stage)

    @property
    def _hidden(self) -> bool:
        return self.stage.recall(DISCREET, "off") == "on"

    @property
    def _shown(self) -> list[ListedIdea]:
        return [each for each in self._found or () if self._over or each.state not in OVER]

    @property
    def chosen(self) -> ListedIdea | None:
        """The card under the cursor."""
        at = (self.cursor or 1) - 1
        return self._shown[at] if self._by is None and at < len(self._shown) else None

    @property
    def _symbol(self) -> str:
        """The one a new card is of."""
        return self.stage.symbol or self.stage.about

    async def _begin(self, engine: Engine) -> None:
        try:
            self._portfolios = await engine.ask(ListPortfolios())
        except TioError as error:
            self._wrong = in_words(error)
            self._tell()
            return
        await self._ask(engine)

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.portfolio and self.screen.is_active:
            self.run("list", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        name, before = self.portfolio, self.chosen
        if name:
            try:
                found = await engine.ask(ListIdeas(name))
                if self._by is not None:
                    self._record = await engine.ask(GetIdeaRecord(self._by, name))
            except TioError as error:
                self._wrong = in_words(error)
            else:
                self._found, self._wrong = found, ""
                self._stay(before)
        self._tell()

    def _stay(self, before: ListedIdea | None) -> None:
        """Stand on the same card when others came or went."""
        ids = [each.idea.id for each in self._shown]
        if before is not None and before.idea.id in ids:
            self.cursor = ids.index(before.idea.id) + 1
        self.cursor = min(max(self.cursor or 1, 1), max(len(ids), 1))

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        live = sum(each.state not in OVER for each in self._found or ())
        what = "ideas" if self._by is None else f"record by {self._by}"
        title = [what, self.portfolio, f"{live} live" if self._found else ""]
        self.border_title = Content(" · ".join(filter(None, title)))
        keys = "a writes · t takes · x gives up · c changes · v record"
        self.border_subtitle = Content(keys if self.size.width > 70 else "? keys")
        width = self.size.width - 2
        if told := self._instead():
            self.show(told)
        elif self._by is not None:
            self.show(record_lines(self._record, self._by, width))
        else:
            self.show(idea_lines(self._shown, self.stage.zone, width))
        self._tell_one()

    def _tell_one(self) -> None:
        one = self.chosen
        if one is None:
            self._below.tell("record" if self._by is not None else "card", self._proof())
            return
        lines = one_idea(one, self.stage.zone, hidden=self._hidden)
        if self._acts.seen is not None:
            lines = [*taking_lines(self._acts.seen, hidden=self._hidden), [("", "muted")], *lines]
        self._below.tell(f"{one.idea.id} · {ideas.state(one)}", lines)

    def _proof(self) -> list[Line]:
        """What a record's figures are."""
        if self._by is None or not self._record:
            return []
        words = (
            "CARDS were scored, N of them entered. RIGHT is the share above 0 R with its exact"
            " 95 % interval, MEAN what they brought in R with Student's. MAE and MFE are how far"
            " they went against and for the card. Ten results are the least that prove an edge."
        )
        return [[(f"{'figures':<10}", "muted"), (words, "muted")]]

    def _instead(self) -> list[Line]:
        """What is said where there is no card."""
        if self._wrong:
            return [[(self._wrong, "fall")]]
        if self._portfolios is None:
            return [[("Waiting for the engine …", "muted")]]
        if not self.portfolio:
            return [[(NO_PORTFOLIO, "muted")]]
        if self._found is None:
            return [[("Asking for the cards …", "muted")]]
        if not self._found:
            return [[(NONE, "muted")], [(BEGIN.format(self._symbol or "a symbol"), "muted")]]
        if self._by is None and not self._shown:
            return [[("Every card is over: o shows them, a writes another.", "muted")]]
        return []

    def render_line(self, y: int) -> Strip:
        """The titles stay on top when the cards scroll."""
        return super().render_line(y or -self.scroll_offset.y)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def on_click(self, event: events.Click) -> None:
        if event.y > 1:
            self._move_to(event.y - 1 + self.scroll_offset.y)

    def action_up(self) -> None:
        self._move_to((self.cursor or 1) - 1)

    def action_down(self) -> None:
        self._move_to((self.cursor or 1) + 1)

    def action_page_up(self) -> None:
        self._move_to((self.cursor or 1) - self.size.height)

    def action_page_down(self) -> None:
        self._move_to((self.cursor or 1) + self.size.height)

    def action_first(self) -> None:
        self._move_to(1)

    def action_last(self) -> None:
        self._move_to(len(self._shown))

    def _move_to(self, line: int) -> None:
        last = len(self._shown) if self._by is None else len(self._record)
        self.cursor = min(max(line, 1), max(last, 1))
        self._acts.take_back()
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor <= top:
            self.scroll_to(y=self.cursor - 1, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self._tell()
        self.refresh()

    def action_open(self) -> None:
        if self.chosen is not None:
            self.stage.symbol = self.chosen.idea.symbol
            self.stage.open_mode("chart")

    def action_write(self) -> None:
        self._write(IdeaForm(), self._symbol)

    def action_change(self) -> None:
        if self.chosen is None:
            self.stage.say(NONE_CHOSEN, "fall")
        else:
            self._write(form_of(self.chosen.idea), self.chosen.idea.symbol)

    def _write(self, form: IdeaForm, symbol: str) -> None:
        from tio.screens.idea_card import CardScreen

        self.stage.push_screen(CardScreen(form, symbol))

    def action_take(self) -> None:
        self._acts.take(self.chosen)

    def action_give_up(self) -> None:
        self._acts.give_up(self.chosen)

    def action_view(self) -> None:
        views = (None, *RecordBy)
        self._by = views[(views.index(self._by) + 1) % len(views)]
        self._record, self.cursor = (), 1
        self._acts.take_back()
        self._again()
        self._tell()

    def action_over(self) -> None:
        self._over = not self._over
        self._move_to(1)

    def action_discreet(self) -> None:
        self.stage.remember(DISCREET, "off" if self._hidden else "on")
        self._tell()

    def action_next_portfolio(self) -> None:
        if show_next(self._portfolios, self.stage):
            self._found = None
            self.renew()

    def leave(self) -> bool:
        """Take the preview back, then leave the record."""
        there = self._acts.take_back() or self._by is not None
        if not self._acts.seen and there:
            self._by = None
            self._tell()
        return there

    def chip(self) -> Chip | None:
        """The card one stands on."""
        if self.chosen is None:
            return super().chip()
        idea = self.chosen.idea
        return Chip(kind=ChipKind.idea, about=idea.id, portfolio=idea.portfolio)

    def receipt(self) -> str:
        each = self.chosen
        if each is None:
            return ""
        idea = each.idea
        return (
            f"{idea.id} {ideas.said(idea.plan, idea.symbol)} {ideas.state(each)}"
            f" {ideas.result(each)} as of {self.stage.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        names = ("side", "entry", "stop", "target", "invalidation", "due", "setup", "thesis")
        rows: list[Sequence[object]] = [("id", "symbol", "state", *names, "r")]
        for each in self._shown:
            score = each.idea.score
            r = each.r if score is None else score.r
            cells = [getattr(each.idea.plan, name) for name in names] + [r]
            told = ("" if cell is None else cell for cell in cells)
            rows.append((each.idea.id, each.idea.symbol, each.state.value, *told))
        return f"{self.portfolio}-ideas", rows


class IdeasScreen(Frame):
    """Idea cards over the screen one comes from."""

    CSS_PATH = "ideas.tcss"

    def body(self) -> ComposeResult:
        below = IdeaPane()
        yield IdeasPane(below)
        yield below
