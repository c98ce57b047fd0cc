"""Dividends and splits at the foot of a chart."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, tzinfo
from math import isclose
from typing import TYPE_CHECKING

from tio.api.companies import CorporateEvent, EventKind, GetEvents
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.hours import GetHours
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.draw.zones import zone_of
from tio.screens.following import in_words
from tio.screens.widgets.chart_part import ChartPart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView

KEY = "chart.marks"
ROOM = 8
"""Cells a mark with its figure needs."""


class MarksPart(ChartPart):
    """Marks the bars a dividend was paid from or a split took effect on."""

    name = "marks"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.events: tuple[CorporateEvent, ...] = ()
        self._zone: tzinfo = UTC
        self._of = ""
        self._told = False
        self._wrong = ""

    @property
    def is_on(self) -> bool:
        return self.chart.stage.recall(KEY, "on") == "on"

    def act_turn(self) -> None:
        self.chart.turn(KEY, "on", ("on", "off"))
        if self.is_on and self._told and not self.events:
            none = f"No dividend or split of {self._of} is known."
            self.chart.stage.say(self._wrong or none, "fall" if self._wrong else "muted")
        self.chart.told_anew()

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        if symbol != self._of:
            self._of, self.events, self._told, self._wrong = symbol, (), False, ""
        if not self._told:
            self.chart.run("marks", self._learn, engine, symbol)

    async def _learn(self, engine: Engine, symbol: str) -> None:
        try:
            events = await engine.ask(GetEvents(symbol))
        except TioError as error:
            self._wrong = in_words(error)
        else:
            self.events = events
        if self.events:
            try:
                self._zone = zone_of((await engine.ask(GetHours(f"${symbol}"))).zone)
            except TioError:
                self._zone = UTC
        self._told = True
        self.chart.told_anew()

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        if not self.is_on or not self.events:
            return view
        from tio.draw.canvas import Pen
        from tio.draw.view import Mark

        end = len(columns) if view.end is None else view.end
        placed = [(bar, event) for bar, event in self._placed(columns) if view.start <= bar < end]
        is_roomy = len(placed) * ROOM <= self.chart.plot_width
        by_bar: dict[int, list[CorporateEvent]] = {}
        for bar, event in placed:
            by_bar.setdefault(bar, []).append(event)
        marks = tuple(
            Mark(bar, None, " ".join(mark_text(each, is_roomy) for each in there), Pen.violet)
            for bar, there in by_bar.items()
        )
        here = by_bar.get(view.crosshair, []) if view.crosshair is not None else []
        told = tuple((words(each), Pen.violet) for each in here)
        return replace(view, marks=(*view.marks, *marks), pieces=(*view.pieces, *told))

    def _placed(self, columns: "Columns") -> Iterable[tuple[int, CorporateEvent]]:
        """Each event with the bar it took effect in, those of bars that are not held left out."""
        timeframe = self.chart.held[1]
        for event in self.events:
            # Bars of a day and more carry their date; the others the moment, by the venue's day.
            zone = self._zone if timeframe.intraday else UTC
            day = instant(datetime.combine(event.ex_date, time(), zone))
            bar = int(columns.time.searchsorted(day, "left" if timeframe.intraday else "right"))
            bar -= 0 if timeframe.intraday else 1
            beyond = not timeframe.intraday and day >= int(columns.time[-1]) + timeframe.step
            if 0 <= bar < len(columns) and day >= int(columns.time[0]) and not beyond:
                yield bar, event

    def kept(self) -> dict[str, object]:
        return {} if self.is_on else {"on": False}

    def restore(self, kept: dict[str, object]) -> None:
        on = kept.get("on") is not False
        if on != self.is_on:
            self.chart.stage.remember(KEY, "on" if on else "off")
            self.chart.told_anew()


def mark_text(event: CorporateEvent, is_roomy: bool) -> str:
    """`D0.25`, `S4:1`; where there is little room `D`, `S`."""
    letter = "S" if event.kind is EventKind.share_split else "D"
    return letter + _figure(event) if is_roomy else letter


def words(event: CorporateEvent) -> str:
    """`dividend 0.25 USD of 2024-02-09`, `split 4:1 of 2020-08-31`."""
    kind = str(event.kind).replace("_", " ")
    currency = event.currency if event.kind is not EventKind.share_split else ""
    parts = (kind, _figure(event), currency, f"of {event.ex_date}")
    return " ".join(part for part in parts if part)


def _figure(event: CorporateEvent) -> str:
    if event.kind is EventKind.share_split:
        return _ratio(event.ratio) if event.ratio else ""
    return f"{event.amount:.6g}" if event.amount else ""


def _ratio(ratio: float) -> str:
    """`4:1`, `3:2`, `1:10`."""
    for old in range(1, 101):
        new = round(ratio * old)
        if new and isclose(new / old, ratio, rel_tol=1e-6):
            return f"{new}:{old}"
    return f"{ratio:.6g}:1"
