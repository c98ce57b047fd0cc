"""Levels of the session on a chart: prior day, pre-market, opening range, VWAP, weekly open."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tio.api.charts import GetSessionLevels, SessionLevel
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.api.series import instant, moment
from tio.screens.following import in_words
from tio.screens.widgets.chart_part import ChartPart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView

AGAIN = 15.0
"""Seconds between two looks at levels that grow."""
KEY = "chart.levels"


class LevelsPart(ChartPart):
    """Draws the levels of the current session, or of the one the last bar shown is of."""

    name = "levels"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.levels: tuple[SessionLevel, ...] = ()
        self._of = ""
        self._at: datetime | None = None
        """The moment asked for: None is now."""
        self._looked: tuple[str, datetime | None] | None = None
        """What is looked at again and again."""
        self._asking = False
        self._told = False
        self._told_at: datetime | None = None
        self._wrong = ""

    @property
    def is_on(self) -> bool:
        return self.chart.stage.recall(KEY, "off") == "on"

    def act_turn(self) -> None:
        self.chart.turn(KEY, "off", ("off", "on"))
        self.chart.told_anew()

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        if symbol != self._of:
            self._of, self._at, self.levels, self._told, self._wrong = symbol, None, (), False, ""
        # What looked again has ended with the screen or with the symbol before.
        self._looked, self._asking = None, False
        self.chart.workers.cancel_group(self.chart, "levels")
        self.chart.changed()

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        engine = self.chart.stage.engine
        if not self.is_on or engine is None:
            return view
        self._at = self._moment(columns)
        if self._looked != (self._of, self._at) and not self._asking:
            self._asking = True
            self.chart.run("levels", self._look, engine)
        if not self.levels or not self._is_of_now:
            return view
        from tio.draw.canvas import Pen
        from tio.draw.view import Level

        levels = tuple(
            Level(
                each.price,
                Pen.blue if each.forming else Pen.violet,
                each.label,
                max(int(columns.time.searchsorted(instant(each.since), "right")) - 1, 0),
            )
            for each in self.levels
        )
        return replace(view, levels=(*view.levels, *levels))

    @property
    def _is_of_now(self) -> bool:
        """Whether what is known tells nothing of what came after the moment shown."""
        return self._at is None or (self._told_at is not None and self._told_at <= self._at)

    def _moment(self, columns: "Columns") -> datetime | None:
        """When the last bar shown ends, where later ones are held back; None: now."""
        history = self.chart.history
        if history is None or columns.time[-1] >= history.columns.time[-1]:
            return None
        return moment(int(columns.time[-1]) + self.chart.held[1].step)

    async def _look(self, engine: Engine) -> None:
        """Ask until nobody wants to see them; `draw` begins anew when another moment is shown."""
        while self.is_on:
            self._looked, self._asking = (self._of, self._at), True
            try:
                levels, wrong = await engine.ask(GetSessionLevels(*self._looked)), ""
            except TioError as error:
                levels, wrong = (), in_words(error)
            self._asking, self._told_at = False, self._looked[1]
            self._take(levels, wrong)
            await asyncio.sleep(AGAIN)
        self._looked = None

    def _take(self, levels: tuple[SessionLevel, ...], wrong: str) -> None:
        if (levels, wrong, True) != (self.levels, self._wrong, self._told):
            self.levels, self._wrong, self._told = levels, wrong, True
            self.chart.told_anew()
        else:
            self.chart.changed()

    def status(self) -> str:
        if not self.is_on or not self._told or self.levels:
            return ""
        return f"no levels: {self._wrong or 'they need bars of one minute'}"

    def kept(self) -> dict[str, object]:
        return {"on": True} if self.is_on else {}

    def restore(self, kept: dict[str, object]) -> None:
        on = kept.get("on") is True
        if on != self.is_on:
            self.chart.stage.remember(KEY, "on" if on else "off")
            self.chart.told_anew()
