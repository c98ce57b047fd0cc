"""A report that a schedule left, on the screen of reports; what else the Desk's pane opens."""

from textual.app import ComposeResult

from tio.api.analyst import Workflow
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.schedules import GetReport, KeptReport, MarkReport
from tio.screens.brief import BriefScreen, ReportPane
from tio.screens.following import in_words
from tio.screens.report_asked import ReportAsked, request_of
from tio.screens.stage import Stage


class KeptReportPane(ReportPane):
    """The report as it was made; asking again makes it anew, as it is now."""

    def __init__(self, kept: KeptReport) -> None:
        super().__init__(asked_of(kept))
        self.kept: KeptReport | None = kept

    def ask(self, asked: ReportAsked) -> None:
        self.kept = None
        super().ask(asked)

    def renew(self) -> None:
        if self.kept is not None and self.report is not None:
            self.ask(self.asked)
        else:
            super().renew()

    async def _ask(self, engine: Engine) -> None:
        kept = self.kept
        if kept is None:
            await super()._ask(engine)
            return
        try:
            report = (await engine.ask(GetReport(kept.id))).report
        except TioError as error:
            self.failed(error)
            return
        self.showed(report)
        if kept.note:
            self.stage.say(f"{kept.schedule} came {kept.note}.")
        try:
            # What the keys of a report go by is the word that would make it now.
            self.request = await request_of(self.asked, engine, self.stage)
            if not kept.read:
                await engine.ask(MarkReport(kept.id))
        except TioError as error:
            self.stage.say(in_words(error), "fall")


class KeptReportScreen(BriefScreen):
    """One kept report over the Desk."""

    def __init__(self, kept: KeptReport) -> None:
        super().__init__(asked_of(kept))
        self._kept = kept

    def body(self) -> ComposeResult:
        yield KeptReportPane(self._kept)


def asked_of(kept: KeptReport) -> ReportAsked:
    """What would ask for the same report now."""
    many = kept.workflow is Workflow.compare
    return ReportAsked(kept.workflow, tuple(kept.about.split(", ")) if many else (kept.about,))


def open_chat(app: Stage, id: str) -> None:
    """That chat, on the analyst's screen."""
    from tio.screens.analyst import AnalystScreen

    def shown() -> None:
        if isinstance(app.screen, AnalystScreen):
            app.screen.open_chat(id)

    app.open_mode("analyst")
    app.call_after_refresh(shown)
