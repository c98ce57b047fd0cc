"""Indicators on a chart: over the prices and in panes below, live, changed where they stand."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    IndicatorEntry,
    IndicatorParameter,
    IndicatorSpec,
    IndicatorUpdates,
    ListIndicators,
)
from tio.api.market import Hours, Timeframe
from tio.api.series import moment
from tio.screens.following import follow, in_words
from tio.screens.widgets.chart_part import ChartPart
from tio.screens.widgets.studies_kept import (
    KEY,
    Study,
    as_text,
    said,
    specs_in,
    studies_from,
    studies_of,
    value_of,
    with_specs,
)
from tio.screens.widgets.studies_keys import StudyKeys

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView
    from tio.screens.widgets.studies_drawn import Shown

TAIL, MORE = 600, 2_000


class StudiesPart(ChartPart):
    """The chart's indicators; each is watched by itself, so that one in error harms no other."""

    name = "studies"
    scope = "study"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.studies: tuple[Study, ...] = ()
        self.catalogue: dict[str, IndicatorEntry] = {}
        self.stood: int | None = None
        """The study whose keys are in use, as an index."""
        self.param = 0
        self._read = ""
        self._shown: dict[IndicatorSpec, Shown] = {}
        self._watched: tuple[str, Timeframe, str] | None = None
        self._keys = StudyKeys(self)

    # -- what is followed

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        self._recall()
        now = (symbol, timeframe, self._hours)
        if self._watched != now:
            self._watched, self._shown = now, {}
        for study in self.studies:
            self._watch(engine, study.spec)
        if self.studies and not self.catalogue:
            self.chart.run("studies catalogue", self._learn, engine)

    @property
    def _hours(self) -> Hours:
        return Hours(self.chart.stage.recall("chart.hours", Hours.extended))

    def _recall(self) -> None:
        """Be as remembered, once that is known and whenever another chart changed it."""
        key, recall = self.chart.studies_kept, self.chart.stage.recall
        kept = recall(key, recall(KEY, "")) if key else ""
        if key and kept != self._read:
            self._read, self.studies = kept, studies_of(kept)
            self._stand(None)

    def recalled(self) -> None:
        """What is remembered changed elsewhere: show that."""
        engine = self.chart.stage.engine
        if engine is not None and self.chart.held[0]:
            before = self.studies
            self._recall()
            after, self.studies = self.studies, before
            if after != before:
                self.show(after)

    def _watch(self, engine: Engine, spec: IndicatorSpec) -> None:
        from tio.screens.widgets.studies_drawn import Shown

        shown = self._shown.setdefault(spec, Shown(spec))
        shown.loading = False
        symbol, timeframe = self.chart.held
        topic = IndicatorUpdates(symbol, (spec,), timeframe, TAIL, self._hours)
        self.chart.run(
            _group(spec), follow, engine, topic, _taker(self, shown), _failer(self, shown)
        )

    def took(self, shown: "Shown", found: Sequence[Computed], snapshot: bool) -> None:
        """Values of an indicator came."""
        for told in found[:1]:
            shown.take(told, snapshot)
        self.chart.told_anew() if snapshot else self.chart.changed()

    def failed(self, shown: "Shown", words: str) -> None:
        """An indicator cannot be followed: said where it would be drawn."""
        shown.wrong = words
        self.chart.stage.say(f"{shown.title}: {words}", "fall")
        self.chart.told_anew()

    async def _learn(self, engine: Engine) -> None:
        """The catalogue, for bounds and choices."""
        try:
            found = await engine.ask(ListIndicators())
        except TioError as error:
            self.chart.stage.say(in_words(error), "fall")
            return
        self.catalogue |= {entry.name: entry for entry in found}
        self.chart.told_anew()

    # -- what is chosen

    def show(self, studies: tuple[Study, ...]) -> None:
        """Show these from now on, and remember them."""
        gone = {study.spec for study in self.studies} - {study.spec for study in studies}
        came = [study.spec for study in studies if study.spec not in self._shown]
        for spec in gone:
            self._shown.pop(spec, None)
            self.chart.workers.cancel_group(self.chart, _group(spec))
            self.chart.workers.cancel_group(self.chart, _past(spec))
        self.studies = studies
        if self.stood is not None and self.stood >= len(studies):
            self._stand(len(studies) - 1 if studies else None)
        key = self.chart.studies_kept
        if key:
            # A chart of the grid without any of its own shows the one chart's.
            self._read = as_text(studies) or ("" if key == KEY else "[]")
            self.chart.stage.remember(key, self._read)
        engine = self.chart.stage.engine
        if engine is not None and self.chart.held[0]:
            for spec in came:
                self._watch(engine, spec)
            if came and not self.catalogue:
                self.chart.run("studies catalogue", self._learn, engine)
        self.chart.told_anew()
        self.chart.at_once()

    def act_add(self) -> None:
        engine = self.chart.stage.engine
        if engine is not None:
            self.chart.run("studies ask", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        if not self.catalogue:
            await self._learn(engine)
        if self.catalogue:
            from tio.screens.widgets.studies_asked import IndicatorQuestion

            self.chart.app.push_screen(IndicatorQuestion(self.catalogue, self.read), self._answered)

    def read(self, text: str) -> tuple[IndicatorSpec, ...]:
        """The indicators a text means on this chart; NotFound, Invalid."""
        return specs_in(text, self.catalogue, self.chart.held[1])

    def _answered(self, text: str | None) -> None:
        engine = self.chart.stage.engine
        if text and text.strip() and engine is not None:
            self.chart.run("studies add", self.add, engine, text)

    async def add(self, engine: Engine, text: str) -> None:
        """Add what a text means; the long tail is asked for when it is meant."""
        try:
            if not self.catalogue or ("pta." in text and not self._has_tail):
                found = await engine.ask(ListIndicators(tail="pta." in text))
                self.catalogue |= {entry.name: entry for entry in found}
            self.show(with_specs(self.studies, self.read(text)))
        except TioError as error:
            self.chart.stage.say(in_words(error), "fall")

    @property
    def _has_tail(self) -> bool:
        return any(name.startswith("pta.") for name in self.catalogue)

    # -- where one stands

    def act_focus(self) -> None:
        """Stand on the next study, after the last on the bars again."""
        if not self.studies:
            self.chart.stage.say("There is no indicator here yet: i adds one.")
            return
        at = 0 if self.stood is None else self.stood + 1
        self._stand(at if at < len(self.studies) else None)
        if self.stood is not None:
            self.chart.stage.say("← → parameter · + − change · enter type · del close · ? keys")
        self.chart.told_anew()
        self.chart.at_once()

    def _stand(self, at: int | None) -> None:
        self.stood, self.param = at, 0

    @property
    def grabs(self) -> bool:
        return self.stood is not None

    def key(self, key: str, character: str | None) -> bool:
        return self._keys.press(key)

    def leave(self) -> bool:
        stood = self.stood is not None
        self._stand(None)
        if stood:
            self.chart.told_anew()
        return stood

    @property
    def parameters(self) -> Sequence[IndicatorParameter]:
        """Those of the study one stands on."""
        entry = self.catalogue.get(self.studies[self.stood].spec.name) if self.grabs else None  # type: ignore[index]
        return entry.parameters if entry else ()

    def replace_stood(self, study: Study | None) -> None:
        """Another study in the place of the one stood on, or none."""
        if self.stood is not None:
            new = () if study is None else (study,)
            self.show((*self.studies[: self.stood], *new, *self.studies[self.stood + 1 :]))

    # -- what is drawn

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        if not self.studies:
            return view
        from tio.screens.widgets.studies_drawn import drawn

        shown = [(study, self._shown.get(study.spec)) for study in self.studies]
        first = int(columns.time[view.start]) if view.start < len(columns) else 0
        for _, each in shown:
            if each is not None:
                self._reach(each, first)
        return drawn(view, columns, shown, self.stood, self.catalogue, self.chart.held[0])

    def _reach(self, shown: "Shown", first: int) -> None:
        """Ask for older values when the chart shows older bars."""
        engine, oldest = self.chart.stage.engine, shown.oldest
        if engine is None or oldest is None or shown.loading or shown.complete or oldest <= first:
            return
        shown.loading = True
        self.chart.run(_past(shown.spec), self._older, engine, shown, oldest)

    async def _older(self, engine: Engine, shown: "Shown", oldest: int) -> None:
        symbol, timeframe = self.chart.held
        history = self.chart.history
        held = len(history) if history is not None else 0
        try:
            found = await engine.ask(
                ComputeIndicators(
                    (shown.spec,),
                    symbol,
                    timeframe,
                    min(max(MORE, held), 20_000),
                    end=moment(oldest),
                    hours=self._hours,
                )
            )
            shown.put_before(found[0])
        except TioError as error:
            shown.complete = True
            self.chart.stage.say(f"{shown.title}: {in_words(error)}", "fall")
        finally:
            shown.loading = False
        self.chart.changed()

    def status(self) -> str:
        if self.stood is None:
            return ""
        spec = self.studies[self.stood].spec
        words = [
            f"‹{each.name} {said(value_of(spec, each))}›"
            if number == self.param
            else f"{each.name} {said(value_of(spec, each))}"
            for number, each in enumerate(self.parameters)
        ]
        return " ".join(["▸", spec.name, *words])

    # -- layouts

    def kept(self) -> dict[str, object]:
        import msgspec

        return {"list": list(msgspec.to_builtins(self.studies))} if self.studies else {}

    def restore(self, kept: dict[str, object]) -> None:
        studies = studies_from(kept.get("list"))
        if studies != self.studies:
            self._stand(None)
            self.show(studies)


def _group(spec: IndicatorSpec) -> str:
    return f"study {_text(spec)}"


def _past(spec: IndicatorSpec) -> str:
    return f"study past {_text(spec)}"


def _text(spec: IndicatorSpec) -> str:
    return f"{spec!r}"


def _taker(part: StudiesPart, shown: "Shown") -> Callable[[tuple[Computed, ...], bool], None]:
    return lambda found, snapshot: part.took(shown, found, snapshot)


def _failer(part: StudiesPart, shown: "Shown") -> Callable[[str], None]:
    return lambda words: part.failed(shown, words)
