"""The bars of one trade as they were when it ended, with its prices and its plan."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.content import Content

from tio.api.journal import TradeStory
from tio.api.market import Side, Timeframe
from tio.screens.widgets.chart_picture import ChartPicture

if TYPE_CHECKING:
    from tio.draw.view import ChartView


class TradeChart(ChartPicture, can_focus=False):
    """Shows a story; nothing later than the trade is in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._story: TradeStory | None = None

    def tell(self, story: TradeStory | None) -> None:
        if story is self._story:
            return
        self._story, self.history = story, None
        if story is None:
            self.held = "", Timeframe.m1
        elif story.bars is not None and len(story.bars):
            from tio.screens.widgets.bar_history import BarHistory

            self.held = story.trade.symbol, story.bars.timeframe
            self.history = BarHistory()
            self.history.take(story.bars)
            self.wrong = ""
        else:
            self.held = story.trade.symbol, Timeframe.d1
            self.wrong = f"No source tells bars of {story.trade.symbol} for that time."
        self._entitle()
        self.anew()

    def _entitle(self) -> None:
        story = self._story
        if story is None:
            self.border_title = Content("chart as it was")
            return
        told = [story.trade.symbol]
        if story.bars is not None and len(story.bars):
            told += [story.bars.timeframe.value, story.bars.source]
        told.append("as it was" if story.trade.closed_at else "so far")
        self.border_title = Content(" · ".join(filter(None, told)))

    def furnished(self, view: "ChartView") -> "ChartView":
        from tio.draw.canvas import Pen
        from tio.draw.view import Level, Mark

        story = self._story
        if story is None or self.history is None:
            return view
        import numpy as np

        trade, times = story.trade, self.history.columns.time
        levels = [
            Level(float(price), pen, name)
            for name, price, pen in (
                ("in", trade.entry, Pen.blue),
                ("stop", trade.stop, Pen.fall),
                ("target", trade.target, Pen.rise),
            )
            if price is not None
        ]
        marks = []
        for step in story.steps:
            from tio.api.series import instant

            bar = int(np.searchsorted(times, instant(step.at), side="right")) - 1
            if 0 <= bar < len(times):
                text, pen = ("▲", Pen.rise) if step.side is Side.buy else ("▼", Pen.fall)
                marks.append(Mark(bar, float(step.price), text, pen))
        return replace(
            view,
            volume=False,
            legend=False,
            start=0,
            end=len(times),
            levels=tuple(levels),
            marks=tuple(marks),
        )
