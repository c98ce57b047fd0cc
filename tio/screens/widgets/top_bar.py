"""The line at the top: the ten tabs, the state of the market, the clock."""

from textual import events
from textual.app import RenderResult
from textual.strip import Strip
from textual.widget import Widget

from tio.draw.table import cell_width
from tio.screens.actions import TABS
from tio.screens.stage import local_time, stage
from tio.screens.widgets.pane import strip

TONES = {"AS": "blue", "BLIND": "blue", "LIVE": "rise", "SIM": "accent", "REPLAY": "blue"}


class TopBar(Widget):
    """One line; narrow terminals show the tabs' numbers alone."""

    def __init__(self, active: str) -> None:
        super().__init__()
        self.active = active
        self._ends: list[tuple[int, str]] = []

    def on_mount(self) -> None:
        self.set_interval(1.0, self.refresh)
        for name in ("paint", "market", "as_of"):
            self.watch(self.app, name, self.repaint, init=False)

    def repaint(self) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        app = stage(self)
        paint = app.paint
        if paint is None:
            return Strip.blank(self.size.width)
        bar = paint.style("muted", "bar")
        right = self._right(self.size.width)
        market = self._market(right)
        names = self.size.width >= 12 * 9 + cell_width(right)
        parts = [(" tio ", paint.style("ground", "accent", bold=True)), (" ", bar)]
        if paint.plain or paint.few:
            parts[0] = (
                " tio ",
                paint.style("accent" if paint.few else "text", "bar", bold=True, reverse=True),
            )
        at = 6
        self._ends = []
        for tab in TABS:
            here = tab.method == self.active
            key = " 1234567890"[TABS.index(tab) + 1]
            if here:
                parts += [
                    (f" {key} ", paint.style("accent", "ground", bold=True)),
                    (f"{tab.title} ", paint.style("text", "ground", bold=True)),
                ]
            else:
                label = f" {key} {tab.title} " if names else f" {key} "
                parts.append((label, bar))
            at += len(f" {key} {tab.title} ") if here or names else 3
            self._ends.append((at, tab.method))
        room = self.size.width - at
        if cell_width(right) + 1 > room:
            right = market if len(market) + 1 <= room else ""
        word = market.split()[0]
        tone = TONES.get(word, "fall" if word in ("STALE", "OFFLINE", "no") else "muted")
        parts.append((" " * (room - cell_width(right) - 1), bar))
        state, _, rest = right.partition(" · ")
        past = app.as_of is not None
        parts.append((state, paint.style(tone, "bar", bold=word == "SIM" or past, reverse=past)))
        parts.append(((f" · {rest}" if rest else "") + " ", bar))
        return strip(parts).adjust_cell_length(self.size.width, bar)

    def on_click(self, event: events.Click) -> None:
        for end, mode in self._ends:
            if event.x < end:
                if event.x >= 6:
                    stage(self).open_mode(mode)
                return

    def _market(self, right: str) -> str:
        """The state alone: what stays where the line is narrow."""
        return right.partition(" · ")[0]

    def _right(self, width: int) -> str:
        app = stage(self)
        if app.as_of is not None:
            at = app.as_of.astimezone(app.zone)
            if app.blind:
                return " BLIND " if width < 70 else f" BLIND · {at:%a %H:%M} "
            return f" AS OF {at:%d %b %H:%M} " if width < 70 else f" AS OF {at:%d %b %Y %H:%M %Z} "
        if width < 70:
            return app.market
        return f"{app.market} · {local_time(app.clock.now(), app.zone)}"
