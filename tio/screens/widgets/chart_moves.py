"""Moving about a chart by keys and mouse: crosshair, pan, zoom, timeframe, how it is drawn."""

from typing import Any

from textual import events

from tio.api.market import Hours, Timeframe
from tio.screens.widgets.chart_picture import SCALES, ChartPicture

TYPES = ("candles", "hollow", "heikin-ashi", "bars", "line", "area")


class ChartMoves(ChartPicture):
    """A chart one looks around in; what it follows is another's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._dragged: int | None = None

    @property
    def wanted(self) -> tuple[str, Timeframe]:
        """What to follow."""
        return self.held

    @property
    def hours(self) -> Hours:
        """Bars of all hours, or of the regular session alone."""
        return Hours(self.stage.recall("chart.hours", Hours.extended))

    def choose(self, timeframe: Timeframe) -> None:
        """Follow another timeframe."""

    def action_left(self) -> None:
        self._move(-1)

    def action_right(self) -> None:
        self._move(1)

    def action_pan_left(self) -> None:
        self._pan(-max(self.window.count(self.plot_width) // 2, 1))

    def action_pan_right(self) -> None:
        self._pan(max(self.window.count(self.plot_width) // 2, 1))

    def action_first(self) -> None:
        if self.history is not None:
            self.window.hidden = len(self.history)
            self.at_once()

    def action_last(self) -> None:
        self.window.hidden, self.window.crosshair = 0, None
        self.at_once()

    def action_zoom_in(self) -> None:
        self._zoom(-1)

    def action_zoom_out(self) -> None:
        self._zoom(1)

    def action_shorter(self) -> None:
        self._timeframe(-1)

    def action_longer(self) -> None:
        self._timeframe(1)

    def action_type(self) -> None:
        self.turn("chart.type", self.stage.chart_type, TYPES)

    def action_scale(self) -> None:
        self.turn("chart.scale", "linear", tuple(SCALES))

    def action_hours(self) -> None:
        self.turn("chart.hours", Hours.extended, tuple(Hours))
        self.renew()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._zoom(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._zoom(1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._dragged = event.screen_x
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged is None or event.screen_x == self._dragged:
            return
        cells, self._dragged = event.screen_x - self._dragged, event.screen_x
        a_cell = max(round(self.window.count(self.plot_width) / max(self.plot_width, 1)), 1)
        self._pan(-cells * a_cell)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._dragged = None
        self.release_mouse()

    def _move(self, by: int) -> None:
        if self.history is not None:
            self.window.move(self.columns.time, by, self.plot_width)
            self.at_once()

    def _pan(self, bars: int) -> None:
        if self.history is not None:
            self.window.pan(bars)
            self.at_once()

    def _zoom(self, steps: int) -> None:
        if self.window.zoom_by(steps):
            self.at_once()

    def _timeframe(self, by: int) -> None:
        frames = list(Timeframe)
        at = frames.index(self.wanted[1]) + by
        if 0 <= at < len(frames):
            self.choose(frames[at])

    def turn(self, key: str, first: str, choices: tuple[str, ...]) -> None:
        """The next of some choices, remembered."""
        now = self.stage.recall(key, first)
        turned = choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
        self.stage.remember(key, turned)
        self.stage.say(f"{key.partition('.')[2]}: {turned}")
        self.at_once()
