"""Volume below the prices, its profile beside them."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.indicators import GetVolumeProfile, VolumeProfile
from tio.api.market import Hours, Timeframe
from tio.api.series import moment
from tio.draw.table import price
from tio.screens.following import in_words
from tio.screens.widgets.chart_part import ChartPart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView

KEY = "chart.volume"
SHOWN = ("on", "profile", "both", "off")
Span = tuple[str, Timeframe, datetime, datetime, Hours]


class VolumePart(ChartPart):
    """What is shown of volume; `v` turns it. The profile is of the bars in sight."""

    name = "volume"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.profile: VolumeProfile | None = None
        self._told: Span | None = None
        self._wanted: Span | None = None
        self._asking = False
        self._wrong = ""

    @property
    def shown(self) -> str:
        return self.chart.stage.recall(KEY, SHOWN[0])

    def act_turn(self) -> None:
        self.chart.turn(KEY, SHOWN[0], SHOWN)
        self.chart.told_anew()

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        if self._told is None or self._told[:2] != (symbol, timeframe):
            self.profile, self._wrong = None, ""
        self._told, self._asking = None, False
        self.chart.workers.cancel_group(self.chart, "profile")

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        if self.shown not in ("profile", "both") or not len(columns):
            return view
        self._ask(view, columns)
        told = self.profile
        if told is None or told.point_of_control is None:
            return view
        if told.value_low is None or told.value_high is None or self._is_ahead:
            return view
        import numpy as np

        from tio.draw.canvas import Pen
        from tio.draw.view import ProfileBars

        drawn = ProfileBars(
            np.asarray(told.edges, np.float64),
            np.asarray(told.volume, np.float64),
            told.point_of_control,
            told.value_low,
            told.value_high,
        )
        figures = (told.point_of_control, told.value_low, told.value_high)
        control, low, high = (price(each, view.decimals) for each in figures)
        piece = (f"POC {control} VA {low} – {high}", Pen.muted)
        return replace(view, profile=drawn, pieces=(*view.pieces, piece))

    @property
    def _is_ahead(self) -> bool:
        """Whether the profile is of bars that practice hides by now."""
        if self.chart.known is None or self._wanted is None:
            return False
        return self._told is None or self._told[3] > self._wanted[3]

    def _ask(self, view: "ChartView", columns: "Columns") -> None:
        """Ask for the profile of the bars in sight, once for all that are panned through."""
        engine = self.chart.stage.engine
        if engine is None:
            return
        end = len(columns) if view.end is None else view.end
        last = moment(int(columns.time[max(end, 1) - 1]) + 1)
        start = moment(int(columns.time[min(view.start, len(columns) - 1)]))
        hours = Hours(self.chart.stage.recall("chart.hours", Hours.extended))
        self._wanted = (*self.chart.held, start, last, hours)
        if self._wanted != self._told and not self._asking:
            self._asking = True
            self.chart.run("profile", self._learn, engine)

    async def _learn(self, engine: Engine) -> None:
        while self._wanted is not None and self._wanted != self._told:
            wanted = self._wanted
            symbol, timeframe, start, end, hours = wanted
            asked = GetVolumeProfile(symbol, timeframe, start, end, hours=hours)
            try:
                self.profile, self._wrong = await engine.ask(asked), ""
            except TioError as error:
                self.profile, self._wrong = None, in_words(error)
            self._told = wanted
        self._asking = False
        self.chart.told_anew()

    def status(self) -> str:
        if self.shown not in ("profile", "both") or self._told is None:
            return ""
        if self._wrong:
            return f"no profile: {self._wrong}"
        return "no profile: no volume" if not self.profile or not self.profile.bars else ""

    def kept(self) -> dict[str, object]:
        return {} if self.shown == SHOWN[0] else {"shown": self.shown}

    def restore(self, kept: dict[str, object]) -> None:
        shown = kept.get("shown", SHOWN[0])
        if isinstance(shown, str) and shown in SHOWN and shown != self.shown:
            self.chart.stage.remember(KEY, shown)
            self.chart.told_anew()
