"""What the panes of RISK have in common: their keys."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tio.screens.actions import bindings
from tio.screens.risk_asked import RiskQuestions
from tio.screens.shown_risk import ShownRisk
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.table_lines import TableLines


class RiskPart(TableLines):
    """A pane of RISK; each can do what can be done there."""

    scope = "risk"
    BINDINGS: ClassVar[list[BindingType]] = bindings("risk")

    class Another(Message):
        """Another portfolio is to be shown."""

    def __init__(self, risk: ShownRisk, **options: Any) -> None:
        super().__init__(**options)
        self.risk = risk
        self.asks: RiskQuestions | None = None

    def on_mount(self) -> None:
        self.risk.heed(self.tell)
        self.tell()

    def tell(self) -> None:
        """Show what is known now."""

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.tell()

    def repaint(self) -> None:
        self.tell()
        self.refresh()

    def action_shock(self) -> None:
        if self.asks is not None:
            self.asks.shock()

    def action_limits(self) -> None:
        if self.asks is not None:
            self.asks.limits()

    def action_benchmark(self) -> None:
        if self.asks is not None:
            self.asks.benchmark()

    def action_size(self) -> None:
        if self.asks is not None:
            self.asks.size()

    def action_discreet(self) -> None:
        self.risk.shown.turn_discreet()

    def action_open(self) -> None:
        """Only a stress opens."""

    def action_next_portfolio(self) -> None:
        names = [each.name for each in self.risk.shown.portfolios or ()]
        if len(names) < 2:
            self.stage.say("There is no other portfolio.")
            return
        self.risk.shown.show(names[(names.index(self.risk.shown.name) + 1) % len(names)])
        self.risk.forget()
        self.post_message(self.Another())


class ScrolledPart(RiskPart):
    """Words that scroll; there is nothing to stand on."""

    hang = 2

    def action_up(self) -> None:
        Lines.action_up(self)

    def action_down(self) -> None:
        Lines.action_down(self)

    def action_page_up(self) -> None:
        Lines.action_page_up(self)

    def action_page_down(self) -> None:
        Lines.action_page_down(self)

    def action_first(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        self.scroll_to(y=self.virtual_size.height, animate=False)


def cells(of: object, names: Sequence[str]) -> list[object]:
    """The fields of a value as cells of a file."""
    found = (getattr(of, name) for name in names)
    return ["" if each is None else each for each in found]
