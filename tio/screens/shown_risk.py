"""The risk shown: what the panes of RISK share, asked for again when the ledger changes."""

from collections.abc import Callable

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.portfolio_risk import GetRisk, RiskReport
from tio.api.stress import Shock, StressPortfolio, StressResult, StressWindows
from tio.screens.following import in_words
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.stage import Stage

BENCHMARK = "risk.benchmark"
"""Setting: the symbol betas are told to."""


class ShownRisk:
    """A report, the windows of the past, and the newest shocks of one's own.

    What came of a portfolio that is not shown any more is let go.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.shown = ShownPortfolio(stage)
        self.report: RiskReport | None = None
        self.wrong = ""
        self.windows: tuple[StressResult, ...] | None = None
        self.no_windows = ""
        self.own: StressResult | None = None
        self.shocks: tuple[Shock, ...] = ()

    def heed(self, changed: Callable[[], None]) -> None:
        """Have `changed` called after each change."""
        self.shown.heed(changed)

    @property
    def benchmark(self) -> str:
        return self.stage.recall(BENCHMARK, "")

    @property
    def hidden(self) -> bool:
        return self.shown.hidden

    @property
    def currency(self) -> str:
        return self.shown.portfolio.currency if self.shown.portfolio is not None else ""

    def forget(self) -> None:
        """Another portfolio is shown."""
        self.report = self.windows = self.own = None
        self.wrong = self.no_windows = ""
        self.shocks = ()
        self.shown.tell()

    async def ask_report(self, engine: Engine) -> None:
        """Ask for the report; an error is words, the report of before stays."""
        name = self.shown.name
        try:
            report = await engine.ask(GetRisk(name, benchmark=self.benchmark))
        except TioError as error:
            self.wrong = in_words(error)
        else:
            if name == self.shown.name:
                self.report, self.wrong = report, ""
        self.shown.tell()

    async def ask_stresses(self, engine: Engine) -> None:
        """Ask what each window would cost, and again the shocks of one's own."""
        name = self.shown.name
        try:
            windows = await engine.ask(StressWindows(name, self.benchmark))
            own = await self._shocked(engine, self.shocks) if self.shocks else self.own
        except TioError as error:
            self.no_windows = in_words(error)
        else:
            if name == self.shown.name:
                self.windows, self.own, self.no_windows = windows, own, ""
        self.shown.tell()

    async def shock(self, engine: Engine, shocks: tuple[Shock, ...], window: str) -> StressResult:
        """What shocks, or a window, would cost; it stands above the named ones. TioError."""
        self.own = await self._shocked(engine, shocks, window)
        self.shocks = shocks
        self.shown.tell()
        return self.own

    async def _shocked(
        self, engine: Engine, shocks: tuple[Shock, ...], window: str = ""
    ) -> StressResult:
        return await engine.ask(StressPortfolio(self.shown.name, shocks, window, self.benchmark))
