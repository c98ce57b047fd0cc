"""BRIEF, WHY, CMP, MORN, REVIEW: the analyst's reports by rules, each line with its sources."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.analyst import Report
from tio.api.chats import Chip
from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.ledger import ListPortfolios
from tio.api.models import ListModels, ModelKind
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.report_asked import OF_PORTFOLIO, OF_SYMBOL, ReportAsked, request_of, slash_of
from tio.screens.report_discreet import discreet
from tio.screens.report_told import age_words, chip_of, document_of, figures_told, table_of
from tio.screens.shown_portfolio import DISCREET, show_next
from tio.screens.stage import Stage
from tio.screens.widgets.page_pane import PagePane
from tio.screens.widgets.report_page import Page, page_of

AGED = 5.0
"""Seconds between two tellings of how old the report is."""


class ReportPane(PagePane):
    """One report; what stood before stays, marked, until its answer comes."""

    scope = "brief"
    BINDINGS: ClassVar[list[BindingType]] = bindings("brief")

    def __init__(self, asked: ReportAsked, **options: Any) -> None:
        super().__init__(**options)
        self.asked = asked
        self.request: Request[Report] | None = None
        self.report: Report | None = None
        self._wrong = ""
        self._asking = False
        self._models = False

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self.app, "symbol", self._another, init=False)
        self.set_interval(AGED, self._entitle)
        self._tell()

    def ask(self, asked: ReportAsked) -> None:
        """Show another report in this one's place."""
        self.asked, self.request, self.report, self._wrong = asked, None, None, ""
        self.at = 0
        self.scroll_to(y=0, animate=False)
        self.renew()
        self._tell()

    def _another(self, symbol: str) -> None:
        """The current symbol is another one: so is its report."""
        about = self.report.symbol if self.report is not None else ""
        if self.asked.workflow in OF_SYMBOL and about and about != symbol:
            self.ask(ReportAsked(self.asked.workflow))

    def start(self, engine: Engine) -> None:
        if self.report is None or self._asking:
            self._asking = True
            self._tell()
            self.run("report", self._ask, engine)
        self.run("models", self._ask_models, engine)

    def renew(self) -> None:
        self._asking = True
        super().renew()

    async def _ask(self, engine: Engine) -> None:
        asked = self.asked
        try:
            request = await request_of(asked, engine, self.stage)
            self.request = request
            self.report = self.report or self.stage.kept_report(request)
            self._tell()
            report = await engine.ask(request)
        except TioError as error:
            self.failed(error)
        else:
            self.stage.keep_report(request, report)
            self.showed(report)

    def failed(self, error: TioError) -> None:
        """There is no answer; what stood before stays."""
        self._wrong, self._asking = in_words(error), False
        if self.report is not None:
            self.stage.say(f"As it was. {self._wrong}", "fall")
        self._tell()

    def showed(self, report: Report) -> None:
        """Show it, and what it is of elsewhere too."""
        self._asking, self._wrong, self.report = False, "", report
        if self.asked.workflow in OF_SYMBOL and self.asked.names:
            self.stage.symbol = report.symbol
        self._tell()

    async def _ask_models(self, engine: Engine) -> None:
        try:
            found = await engine.ask(ListModels())
        except TioError:
            return  # Nothing is offered then.
        self._models = any(each.kind is not ModelKind.rules for each in found)
        self._entitle()

    def _tell(self) -> None:
        """Lay the report out anew."""
        if self.stage.paint is None or self.size.width < 20:
            return
        page = Page()
        if self.report is not None:
            hidden = self.stage.recall(DISCREET, "off") == "on"
            shown = discreet(self.report) if hidden else self.report
            page = page_of(shown, self.size.width - 2, self.stage.zone)
        self.show_page(page)
        self._entitle()

    def instead(self) -> tuple[str, str]:
        if self._wrong:
            return f"{self._wrong.rstrip('.')}. r asks again, / finds a symbol.", "fall"
        return f"Asking for the {self.asked.workflow} …", "muted"

    def _entitle(self) -> None:
        report = self.report
        about = report.about if report is not None else " ".join(self.asked.names)
        title = [self.asked.workflow.value, about or self._meant()]
        if report is not None and not self._asking:
            title.append(age_words(report, self.stage))
        elif self._asking:
            title.append("asking …")
        self.border_title = Content(" · ".join(filter(None, title)))
        keys = ["enter opens", "f1 sources", "a ask", *(["m model"] if self._models else [])]
        if self.asked.another() is not None:
            keys.append("v view")
        keys += ["r again", "e export"]
        self.border_subtitle = Content(" · ".join(keys) if self.size.width > 70 else "? keys")

    def _meant(self) -> str:
        return self.stage.symbol if self.asked.workflow in OF_SYMBOL else ""

    def on_resize(self, event: events.Resize) -> None:
        self._tell()

    def repaint(self) -> None:
        self._tell()

    def action_open(self) -> None:
        """The chart of the symbol of the line; where it names none, its sources."""
        stand = self.stand
        if stand is None:
            return
        if not stand.opens:
            self.action_explain()
            return
        self.stage.symbol = stand.opens
        self.stage.open_mode("chart")

    def action_explain(self) -> None:
        stand = self.stand
        if stand is None or not stand.figures:
            self.stage.say("This line has no figure of its own; those below it have.", "fall")
        else:
            self.app.push_screen(figures_told(stand.figures, self.stage.zone))

    def action_view(self) -> None:
        other = self.asked.another()
        if other is None:
            self.stage.say("There is no other view of this report.", "fall")
        else:
            self.ask(other)

    def action_next_portfolio(self) -> None:
        if self.asked.workflow not in OF_PORTFOLIO:
            self.stage.say("This report is of no portfolio; REVIEW shows one.", "fall")
        elif self.stage.engine is not None:
            self.run("portfolios", self._next_portfolio, self.stage.engine)

    async def _next_portfolio(self, engine: Engine) -> None:
        try:
            found = await engine.ask(ListPortfolios())
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        if show_next(found, self.stage):
            self.ask(ReportAsked(self.asked.workflow))
        else:
            self.stage.say("There is no other portfolio.")

    def action_discreet(self) -> None:
        hidden = self.stage.recall(DISCREET, "off") == "on"
        self.stage.remember(DISCREET, "off" if hidden else "on")
        self._tell()

    def action_ask(self) -> None:
        """To the line of the analyst's chat, the report taken along."""
        self.stage.open_mode("analyst")
        self.stage.call_after_refresh(write_question, self.stage)

    def action_read(self) -> None:
        """The same report in the analyst's chat, where a model reads it out."""
        if self.request is None:
            self.stage.say("There is no report yet.", "fall")
            return
        chips = self.stage.chips
        self.stage.asking = slash_of(self.request)
        self.stage.open_mode("analyst")
        self.stage.chips = chips

    def chip(self) -> Chip | None:
        return super().chip() if self.report is None else chip_of(self.report)

    def receipt(self) -> str:
        stand = self.stand
        if self.report is None or stand is None:
            return ""
        sources = dict.fromkeys(
            " ".join(filter(None, (each.call, each.source))) for each in stand.figures
        )
        told = ", ".join(sources) or self.report.made_by
        return f"{stand.text} · {told} · as of {self.report.as_of:%Y-%m-%dT%H:%M:%SZ}"

    def document(self, ending: str) -> str:
        return "" if self.report is None else document_of(self.report, ending)

    def table(self) -> tuple[str, list[Sequence[object]]]:
        return ("", []) if self.report is None else table_of(self.report)


class BriefScreen(Frame):
    """A report over the screen one comes from."""

    def __init__(self, asked: ReportAsked) -> None:
        super().__init__()
        self._asked = asked

    def body(self) -> ComposeResult:
        yield ReportPane(self._asked)

    def taken_along(self) -> Chip | None:
        for pane in self.query(ReportPane):
            return pane.chip()
        return None

    def show(self, asked: ReportAsked) -> None:
        """Another report in the place of the one shown."""
        for pane in self.query(ReportPane):
            pane.ask(asked)


def write_question(app: Stage) -> None:
    """Stand in the line of the analyst's chat."""
    from tio.screens.analyst import AnalystScreen, AskLine

    if isinstance(app.screen, AnalystScreen) and app.screen.query(AskLine):
        app.screen.write_question()
