"""RISK: what the portfolio shown risks: limits, worst days, whose risk it is, stresses."""

import asyncio
from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ledger import Positions
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import RiskReport
from tio.screens.following import follow, in_words
from tio.screens.frame import Frame
from tio.screens.risk_asked import RiskQuestions
from tio.screens.shown_risk import ShownRisk
from tio.screens.stage import stage
from tio.screens.widgets import risk_lines as lines
from tio.screens.widgets.lines import Line
from tio.screens.widgets.pane import Pane
from tio.screens.widgets.risk_part import RiskPart, ScrolledPart, cells
from tio.screens.widgets.stress_pane import StressPane

EVERY = 60.0
"""Seconds after which the report is asked for again; the stresses every tenth time."""
AGAIN = 5.0
NO_PORTFOLIO = "No portfolio yet: n on PORT makes one, or tio portfolio create main USD."


class RiskPane(ScrolledPart):
    """How the portfolio stands, live; it asks for the report and the stresses."""

    def __init__(self, risk: ShownRisk, **options: Any) -> None:
        super().__init__(risk, **options)
        self._version = -1
        self._beats = 0
        self._asked = 0.0

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(EVERY, self._beat)

    def start(self, engine: Engine) -> None:
        now = self.stage.clock.monotonic()
        # Behind a question nothing was missed.
        if self.risk.report is None or self.risk.windows is None or now - self._asked > EVERY:
            self._version = -1
        self.run("positions", self._follow, engine)

    def renew(self) -> None:
        self._version = -1
        super().renew()

    def again(self) -> None:
        """Ask for the report and the stresses anew."""
        engine = self.stage.engine
        if engine is not None and self.risk.shown.portfolio is not None:
            self._asked = self.stage.clock.monotonic()
            self.run("report", self.risk.ask_report, engine)
            self.run("stresses", self.risk.ask_stresses, engine)

    def _beat(self) -> None:
        engine = self.stage.engine
        if engine is None or not self.screen.is_active or self.risk.shown.portfolio is None:
            return
        self._beats += 1
        if self._beats % 10:
            self.run("report", self.risk.ask_report, engine)
        else:
            self.again()

    async def _follow(self, engine: Engine) -> None:
        """Find the portfolio shown, waiting until there is one, and follow what it is worth."""
        while True:
            try:
                portfolio = await self.risk.shown.ask(engine)
            except TioError as error:
                self._fail(in_words(error))
                return
            if portfolio is not None:
                break
            await asyncio.sleep(AGAIN)
        await follow(engine, Positions(portfolio.name), self._take, self._fail)

    def _take(self, held: Holdings, snapshot: bool) -> None:
        self.risk.shown.take(held)
        if self._version != self.risk.shown.version:
            # It was booked: what is reckoned from the holdings is of before.
            self._version = self.risk.shown.version
            self.again()

    def _fail(self, words: str) -> None:
        self.risk.wrong = words
        self.tell()

    def tell(self) -> None:
        risk, report = self.risk, self.risk.report
        if self.stage.paint is None or not self.is_mounted:
            return
        self._entitle()
        if report is None:
            self.show([[part] for part in self._instead()])
            return
        width, hidden = self.size.width - 2, risk.hidden
        told: list[Line] = lines.head(risk.shown.held, report, width, hidden=hidden)
        if risk.wrong:
            told.append([(risk.wrong, "fall")])
        sections = (
            lines.limit_lines(report.limits, width),
            lines.tail_lines(report, width, hidden=hidden),
            lines.note_lines(report),
            lines.tested_lines(report),
        )
        for section in sections:
            told += [[("", "muted")], *section] if section else []
        self.show(told)

    def _entitle(self) -> None:
        shown = self.risk.shown
        title = ["risk"]
        if shown.portfolio is not None:
            title += [shown.portfolio.name, shown.portfolio.currency]
        self.border_title = Content(" · ".join(title))
        report = self.risk.report
        if report is not None:
            at = report.at.astimezone(self.stage.zone)
            keys = "x shock · s size · m limits"
            if self.size.width < 60 or self.screen.has_class("-one"):
                keys = "tab whose risk, stress"
            self.border_subtitle = Content(f"as of {at:%H:%M:%S %Z} · {keys}")

    def _instead(self) -> list[tuple[str, str]]:
        """What is said where there is no report."""
        if self.risk.wrong:
            return [(self.risk.wrong, "fall"), ("r asks again.", "muted")]
        if self.risk.shown.portfolios is None:
            return [("Waiting for the engine …", "muted")]
        if self.risk.shown.portfolio is None:
            return [(NO_PORTFOLIO, "muted")]
        return [(f"Reckoning what {self.risk.shown.name} risks …", "muted")]

    def receipt(self) -> str:
        report = self.risk.report
        if report is None or not report.tails or self.risk.hidden:
            return ""
        tail, sample = report.tails[0], report.sample
        if tail.value_at_risk is None:
            return ""
        return (
            f"value at risk {tail.value_at_risk:.6f} of {report.capital} {report.currency},"
            f" 1 d, {tail.confidence:.4g}, {tail.method} · {sample.returns} returns"
            f" {sample.start} to {sample.end} · as of {report.at:%Y-%m-%dT%H:%M:%SZ}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        report = self.risk.report
        if report is None:
            return "", []
        names = ("method", "confidence", "days", "value_at_risk", "expected_shortfall", "returns")
        rows: list[Sequence[object]] = [names]
        rows += [cells(each, names) for each in report.tails]
        return f"{report.portfolio}-risk", rows


class ExposurePane(ScrolledPart):
    """Whose risk it is, and what is held of each class, currency and sector."""

    def tell(self) -> None:
        report = self.risk.report
        self.border_title = Content("whose risk · exposure")
        if self.stage.paint is None or not self.is_mounted:
            return
        if report is None:
            self.show([])
            return
        self.show(self._told(report))

    def _told(self, report: RiskReport) -> list[Line]:
        width, hidden = self.size.width - 2, self.risk.hidden
        parts = lines.part_lines(report, width, hidden=hidden)
        exposed = lines.exposure_lines(report, width, hidden=hidden)
        blank: list[Line] = [[("", "muted")]] if parts and exposed else []
        return [*parts, *blank, *exposed] or [[("Nothing is held.", "muted")]]

    def table(self) -> tuple[str, list[Sequence[object]]]:
        report = self.risk.report
        if report is None:
            return "", []
        names = ("symbol", "weight", "marginal", "component")
        rows: list[Sequence[object]] = [names]
        return f"{report.portfolio}-parts", [*rows, *(cells(each, names) for each in report.parts)]


class RiskScreen(Frame):
    """How much can be lost, over the screen one comes from."""

    CSS_PATH = "risk.tcss"

    def body(self) -> ComposeResult:
        risk = ShownRisk(stage(self))
        main, stress = RiskPane(risk, id="risk"), StressPane(risk, id="stress")
        exposure = ExposurePane(risk, id="exposure")
        asks = RiskQuestions(risk, main.again, self._tell_stress)
        for pane in (main, stress, exposure):
            pane.asks = asks
        with Container(id="risks"):
            yield main
            yield exposure
            yield stress

    def show_pane(self, pane: Pane) -> None:
        """Where only one fits, the others make room."""
        for name in ("exposure", "stress"):
            self.set_class(pane.id == name, f"-{name}")
        self.call_after_refresh(pane.focus)

    def _tell_stress(self) -> None:
        pane = self.query_one(StressPane)
        pane.tell_own()
        self.show_pane(pane)

    @on(RiskPart.Another)
    def _another(self) -> None:
        self.query_one(RiskPane).renew()
