"""The stresses of RISK: all of them, or one position by position."""

from collections.abc import Sequence
from typing import Any

from textual.content import Content

from tio.api.stress import StressResult
from tio.screens.shown_risk import ShownRisk
from tio.screens.widgets.risk_part import RiskPart, cells
from tio.screens.widgets.stress_lines import position_table, stress_table


class StressPane(RiskPart):
    """What shocks of one's own and the windows of the past would cost; one of them in full."""

    def __init__(self, risk: ShownRisk, **options: Any) -> None:
        super().__init__(risk, **options)
        self._open: str | None = None

    @property
    def _all(self) -> list[StressResult]:
        own = [] if self.risk.own is None else [self.risk.own]
        return [*own, *(self.risk.windows or ())]

    def tell_own(self) -> None:
        """The newest shocks in full."""
        self._open = ""
        self.tell()
        self.scroll_to(y=0, animate=False)

    def tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        width, currency = self.size.width - 2, self.risk.currency
        hidden = self.risk.hidden
        opened = next((each for each in self._all if _key(each, self.risk) == self._open), None)
        if opened is not None:
            self.border_title = Content(f"stress · {opened.title}")
            self.border_subtitle = Content("esc shows all")
            head, rows = position_table(opened, currency, width, hidden=hidden)
            self.show_table(
                head, [(row, each) for row, each in zip(rows, opened.lines, strict=True)]
            )
            return
        against = f"by beta to {self.risk.benchmark}" if self.risk.benchmark else "no benchmark"
        self.border_title = Content("stress · today's holdings through the past")
        self.border_subtitle = Content(f"{against} · enter tells each position")
        if not self._all:
            words = self.risk.no_windows
            told = (words, "fall") if words else ("Living through the past …", "muted")
            self.show_table([], [([told], None)] if self.risk.shown.portfolio or words else [])
            return
        title, found = stress_table(self._all, currency, width, hidden=hidden)
        self.show_table([title], list(zip(found, self._all, strict=True)))

    def action_open(self) -> None:
        here = self.chosen
        if isinstance(here, StressResult):
            self._open = _key(here, self.risk)
            self.tell()
            self.scroll_to(y=0, animate=False)

    def leave(self) -> bool:
        there = self._open is not None
        self._open = None
        self.tell()
        return there

    def receipt(self) -> str:
        here = self.chosen
        if not isinstance(here, StressResult) or self.risk.hidden:
            return ""
        return f"{here.title}: loss {here.loss} {self.risk.currency} of today's holdings"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        names = ("window", "title", "loss", "share", "worst", "worst_day", "proxied_share")
        rows: list[Sequence[object]] = [names]
        return f"{self.risk.shown.name}-stress", [*rows, *(cells(e, names) for e in self._all)]


def _key(of: StressResult, risk: ShownRisk) -> str:
    """What names a result; the newest of one's own has none."""
    return "" if of is risk.own else of.window
