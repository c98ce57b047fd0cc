"""What a chart shows and does beside its bars: each thing a part, in a file of its own."""

from typing import TYPE_CHECKING, ClassVar

from tio.api.contract import Engine
from tio.api.market import Timeframe

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView
    from tio.screens.widgets.price_chart import PriceChart


class ChartPart:
    """One capability of a chart: studies, drawings, levels, a comparison, practice.

    `name` is how actions call it: `chart.compare.ask` calls `act_ask` of the part `compare`.
    Whatever a part watches runs in the chart's own workers: `self.chart.run(name, work, …)`, so it
    ends when the screen is hidden, and `follow` is called again when it is shown.
    """

    name: ClassVar[str] = ""
    scope: ClassVar[str] = ""
    """The scope of the actions it has keys for while it `grabs`."""

    def __init__(self, chart: "PriceChart") -> None:
        self.chart = chart

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        """Begin watching what belongs to this symbol; called anew when it or the hours change."""

    def bars(self, columns: "Columns") -> "Columns":
        """The bars to be shown, from those that are held: a ratio, the past up to a moment."""
        return columns

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        """The view with what this part shows; `columns` are the bars shown."""
        return view

    def moved(self) -> None:
        """What is in sight changed: panned, zoomed, or older bars came."""

    def key(self, key: str, character: str | None) -> bool:
        """Whether this part took the key; asked before the chart's own keys, while it `grabs`."""
        return False

    @property
    def grabs(self) -> bool:
        """Whether keys come here first: a drawing is being placed, a pane is stood on."""
        return False

    def clicked(self, bar: int, price: float) -> bool:
        """Whether this part took a click among the prices; asked while it `grabs`."""
        return False

    def leave(self) -> bool:
        """Give up what is open (escape); whether there was something."""
        return False

    def kept(self) -> dict[str, object]:
        """What a saved layout should hold of this part, as JSON values; {} when nothing."""
        return {}

    def restore(self, kept: dict[str, object]) -> None:
        """Be as `kept` told once, {} as at first; what is odd in it is passed over."""

    def status(self) -> str:
        """A few words for the chart's title: `practice 2024-03-01`, "" when there is nothing."""
        return ""
