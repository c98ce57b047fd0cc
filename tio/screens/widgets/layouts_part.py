"""Saved layouts and indicator sets: one line saves, recalls and deletes them."""

from collections.abc import Sequence

from tio.api.charts import DeleteLayout, Layout, ListLayouts, SaveLayout
from tio.api.contract import Engine
from tio.api.errors import NotFound, TioError
from tio.screens.following import in_words
from tio.screens.layouts import indicators_of, layout_of, take
from tio.screens.widgets.chart_part import ChartPart

ASKED = "Layout: a name recalls · save NAME · set NAME saves indicators · delete NAME"
LAYOUT, SET = "layout", "indicators"
CALLED = {LAYOUT: "layout", SET: "indicator set"}


class LayoutsPart(ChartPart):
    """Asks what to do with layouts, and does it; the engine keeps them."""

    name = "layouts"

    def act_ask(self) -> None:
        engine = self.chart.stage.engine
        if engine is not None:
            self.chart.run("layouts", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        from tio.screens.questions import Question, name_completions

        try:
            saved = await engine.ask(ListLayouts())
        except TioError as error:
            self.chart.stage.say(in_words(error), "fall")
            return
        self.chart.stage.say(_listed(saved))
        complete = name_completions(("save ", "set ", "delete "), [each.name for each in saved])
        self.chart.app.push_screen(Question(ASKED, "", complete), self._answered)

    def _answered(self, text: str | None) -> None:
        engine = self.chart.stage.engine
        if text is not None and text.strip() and engine is not None:
            self.chart.run("layouts", self._do, engine, text.strip())

    async def _do(self, engine: Engine, text: str) -> None:
        verb, _, rest = text.partition(" ")
        name, verb = rest.strip(), verb.lower()
        try:
            if verb in ("save", "set") and name:
                said = await self._save(engine, name, LAYOUT if verb == "save" else SET)
            elif verb == "delete" and name:
                said = await self._delete(engine, name)
            else:
                said = await self._recall(engine, text)
        except TioError as error:
            self.chart.stage.say(in_words(error), "fall")
        else:
            self.chart.stage.say(said, "rise")

    async def _save(self, engine: Engine, name: str, kind: str) -> str:
        stage = self.chart.stage
        before = await engine.ask(ListLayouts(kind))
        content = layout_of(stage) if kind == LAYOUT else indicators_of(stage)
        saved = await engine.ask(SaveLayout(name, kind, content))
        replaced = any(each.name == saved.name for each in before)
        return f"{CALLED[kind]} {saved.name} is {'replaced' if replaced else 'saved'}"

    async def _delete(self, engine: Engine, name: str) -> str:
        saved = await engine.ask(ListLayouts())
        found = _named(saved, name)
        gone = await engine.ask(DeleteLayout(found.name, found.kind))
        return f"{CALLED[gone.kind]} {gone.name} is deleted"

    async def _recall(self, engine: Engine, name: str) -> str:
        saved = await engine.ask(ListLayouts())
        found = _named(saved, name)
        called = f"{CALLED[found.kind]} {found.name}"
        try:
            unknown = take(self.chart.stage, found.content, whole=found.kind == LAYOUT)
        except TioError as error:
            error.message = f"{called}: {error.message}"
            raise
        self.chart.post_message(self.chart.Recalled())
        return f"{called}, but not {unknown}: not known here" if unknown else called


def _named(saved: Sequence[Layout], name: str) -> Layout:
    """The layout of that name, else the indicator set; NotFound."""
    found = sorted((each for each in saved if each.name == name), key=lambda e: e.kind == SET)
    if not found:
        raise NotFound(f"no layout and no indicator set {name!r}", "f lists them")
    return found[0]


def _listed(saved: Sequence[Layout]) -> str:
    """What there is, for the status line."""
    if not saved:
        return "nothing is saved yet: save NAME keeps this chart's layout"
    kinds = ((LAYOUT, "layouts"), (SET, "indicator sets"))
    told = ((words, [each.name for each in saved if each.kind == kind]) for kind, words in kinds)
    return " · ".join(f"{words}: {', '.join(names)}" for words, names in told if names)
