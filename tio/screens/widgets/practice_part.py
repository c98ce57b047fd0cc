"""The past played again for practice: everything after a moment is hidden, bar by bar less.

Nothing of it reaches the engine: the chart shows less of what it holds.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from textual.timer import Timer

from tio.api.series import instant, moment
from tio.screens.widgets.chart_part import ChartPart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.scale import Ints
    from tio.draw.view import ChartView

SPEEDS = (0.5, 1, 2, 5, 10, 25)
BEAT = 0.1
ASKED = "Practise from the day, or the moment (2024-03-01 14:30)"


class PracticePart(ChartPart):
    """Shows the bars that had ended by a moment: `known`, µs; None while it is not practised."""

    name = "practice"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.known: int | None = None
        self.playing = False
        self.speed = 2.0
        self._all: Columns | None = None
        self._shown: tuple[object, int | None, Columns] | None = None
        self._begun = False
        self._timer: Timer | None = None
        self._started, self._played = 0.0, 0

    def act_turn(self) -> None:
        """Begin at the crosshair, or ask when; where it goes on already, leave it."""
        chart = self.chart
        if self.known is not None:
            self._end("practice is over: all bars are shown")
        elif chart.history is None or not len(chart.history) or not len(chart.columns):
            chart.stage.say("There are no bars to practise on yet.", "fall")
        else:
            times = chart.columns.time
            bar = chart.window.bar(times)
            if bar is None:
                self._ask(times)
            else:
                self.begin(end_of(times, chart.held[1].step, bar))

    def _ask(self, times: "Ints") -> None:
        from tio.screens.questions import Question

        start, end = self.chart.window.span(self.chart.plot_width, len(times))
        proposed = self._told(int(times[(start + end) // 2]))
        self.chart.app.push_screen(Question(ASKED, proposed), self._answered)

    def _answered(self, text: str | None) -> None:
        if text is None or not text.strip():
            return
        try:
            at = datetime.fromisoformat(text.strip())
            zone = None if self.chart.held[1].intraday else moment(0).tzinfo
            at = at if at.tzinfo else at.replace(tzinfo=zone or self.chart.stage.zone)
            known = instant(at)
        except (ValueError, OverflowError):
            self.chart.stage.say(
                "That is no day: write it as 2024-03-01 or 2024-03-01 14:30", "fall"
            )
            return
        if known > instant(self.chart.stage.clock.now()):
            self.chart.stage.say("That day is still to come.", "fall")
            return
        self.begin(known)

    def begin(self, known: int) -> None:
        """Hide what had not ended by `known`; older bars are loaded where they are needed."""
        self._begun = False
        self.chart.window.crosshair = None
        self._to(known)
        if self._count:
            self.chart.stage.say("practice: . next bar, , back, enter plays, < > speed, esc leaves")

    def adopt(self, known: int | None) -> None:
        """Practise up to the same moment as another chart does; None: no longer."""
        if known != self.known:
            self.playing = False
            self._show(known)

    def bars(self, columns: "Columns") -> "Columns":
        self._all = columns
        if self.known is None:
            return columns
        if self._shown is None or self._shown[0] is not columns or self._shown[1] != self.known:
            count = ended_by(columns.time, self.chart.held[1].step, self.known)
            self._shown = (columns, self.known, columns[:count])
        shown = self._shown[2]
        self._seen(len(shown))
        return shown

    def _seen(self, count: int) -> None:
        """Nothing had ended by then: ask for older bars, or say that there are none."""
        history = self.chart.history
        if count:
            self._begun = True
        elif history is not None and not history.complete:
            self.chart.call_later(self.chart.reached_the_oldest)
        elif not self._begun and self._all is not None and len(self._all):
            oldest = self._told(int(self._all.time[0]))
            self.chart.call_later(self._end, f"The oldest bar held is of {oldest}.", "fall")

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        """Nothing of what came after: the marks, levels and values of bars that are hidden."""
        if self.known is None:
            return view
        from dataclasses import replace

        count = len(columns)
        return replace(
            view,
            marks=tuple(each for each in view.marks if each.bar < count),
            levels=tuple(each for each in view.levels if each.since < count),
            overlays=tuple(replace(o, values=o.values[:count]) for o in view.overlays),
            compared=tuple(replace(o, values=o.values[:count]) for o in view.compared),
            clouds=tuple(
                replace(c, upper=c.upper[:count], lower=c.lower[:count]) for c in view.clouds
            ),
            panes=tuple(
                replace(p, lines=tuple(replace(o, values=o.values[:count]) for o in p.lines))
                for p in view.panes
            ),
        )

    @property
    def _count(self) -> int:
        history = self.chart.history
        return len(self.chart.columns) if history is not None and len(history) else 0

    @property
    def grabs(self) -> bool:
        return self.known is not None

    def key(self, key: str, character: str | None) -> bool:
        if key == "enter":
            self._play(not self.playing)
        elif character == ".":
            self.step(1)
        elif character == ",":
            self.step(-1)
        elif character in ("<", ">"):
            self._change_speed(-1 if character == "<" else 1)
        else:
            return False
        return True

    def step(self, by: int) -> bool:
        """So many bars on, or back; False when there is no such bar."""
        count, all_bars, history = self._count, self._all, self.chart.history
        if all_bars is None or history is None:
            return False
        # The bar that is still forming is the present, not the past.
        most = len(all_bars) - (1 if history.forming else 0)
        to = min(max(count + by, 1), most)
        if to == count or not count:
            self._play(False)
            self.chart.stage.say("There is no further bar: b leaves practice")
            return False
        self._to(end_of(all_bars.time, self.chart.held[1].step, to - 1))
        return True

    def beat(self) -> None:
        """The bars that are due while it plays, by the clock."""
        if not self.playing:
            return
        if not self.chart.screen.is_active:
            self._play(False)
            return
        due = int((self.chart.stage.clock.monotonic() - self._started) * self.speed)
        if due > self._played and self.step(due - self._played):
            self._played = due

    def _play(self, on: bool) -> None:
        if on == self.playing:
            return
        self.playing = on
        self._count_anew()
        if self._timer is None:
            self._timer = self.chart.set_interval(BEAT, self.beat, pause=True)
        self._timer.resume() if on else self._timer.pause()
        self.chart.told_anew()

    def _change_speed(self, by: int) -> None:
        at = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
        self._count_anew()
        self.chart.told_anew()

    def _count_anew(self) -> None:
        self._started, self._played = self.chart.stage.clock.monotonic(), 0

    def leave(self) -> bool:
        """The crosshair goes first: escape for it should not end the practice."""
        if self.known is None:
            return False
        if self.chart.window.crosshair is not None:
            self.chart.window.crosshair = None
        else:
            self._end("practice is over: all bars are shown")
        return True

    def _end(self, said: str, tone: str = "muted") -> None:
        self._play(False)
        self._to(None)
        self.chart.stage.say(said, tone)

    def _to(self, known: int | None) -> None:
        self._show(known)
        self.chart.post_message(self.chart.Practised(self.chart, known))

    def _show(self, known: int | None) -> None:
        self.known = known
        self.chart.window.hidden = 0
        self.chart.told_anew()
        self.chart.at_once()

    def status(self) -> str:
        if self.known is None:
            return ""
        count = self._count
        if not count:
            return "PRACTICE loading"
        playing = f" ▶ {self.speed:g}/s" if self.playing else ""
        return f"PRACTICE {self._told(int(self.chart.columns.time[count - 1]))}{playing}"

    def _told(self, time: int) -> str:
        """A bar's opening as it is written and read: days by their date."""
        at = moment(time)
        if not self.chart.held[1].intraday:
            return f"{at:%Y-%m-%d}"
        return f"{at.astimezone(self.chart.stage.zone):%Y-%m-%d %H:%M}"


def end_of(times: "Ints", step: int, bar: int) -> int:
    """When a bar was over, µs: its span later, or as the next began."""
    after = int(times[bar]) + step
    return min(after, int(times[bar + 1])) if bar + 1 < len(times) else after


def ended_by(times: "Ints", step: int, known: int) -> int:
    """How many bars, from the oldest, were over by `known`."""
    count = int(times.searchsorted(known))
    return count - 1 if count and end_of(times, step, count - 1) > known else count
