"""The keys of the study one stands on: its parameters, its place, its height."""

from typing import TYPE_CHECKING

from tio.api.errors import TioError
from tio.api.indicators import IndicatorParameter
from tio.screens.actions import of_scope, pressed
from tio.screens.following import in_words
from tio.screens.widgets.studies_kept import (
    Study,
    changed,
    checked,
    ranged,
    said,
    stepped,
    value_of,
)

if TYPE_CHECKING:
    from tio.screens.widgets.studies_part import StudiesPart


class StudyKeys:
    """Does what the actions of the scope `study` say, by the keys they have here."""

    def __init__(self, part: "StudiesPart") -> None:
        self._part = part

    def press(self, key: str) -> bool:
        """Whether the key is one of theirs."""
        method = pressed(key, of_scope("study"), self._part.chart.stage.key_changes)
        if method and self._part.stood is not None:
            getattr(self, method)()
        return bool(method)

    def before(self) -> None:
        self._turn(-1)

    def after(self) -> None:
        self._turn(1)

    def more(self) -> None:
        self._step(1)

    def less(self) -> None:
        self._step(-1)

    def much_more(self) -> None:
        self._step(10)

    def much_less(self) -> None:
        self._step(-10)

    def close(self) -> None:
        self._part.replace_stood(None)

    def up(self) -> None:
        self._move(-1)

    def down(self) -> None:
        self._move(1)

    def higher(self) -> None:
        self._resize(1)

    def lower(self) -> None:
        self._resize(-1)

    @property
    def _study(self) -> Study:
        part = self._part
        return part.studies[part.stood or 0]

    def _turn(self, by: int) -> None:
        """Another parameter of it."""
        part = self._part
        if part.parameters:
            part.param = (part.param + by) % len(part.parameters)
        part.chart.told_anew()
        part.chart.at_once()

    def _step(self, steps: int) -> None:
        """The parameter so many steps on, within its bounds."""
        part = self._part
        if part.parameters:
            parameter = part.parameters[part.param]
            now = value_of(self._study.spec, parameter)
            self._put(parameter, said(stepped(parameter, now, steps)))

    def type(self) -> None:
        """Ask for the parameter's value."""
        part = self._part
        if not part.parameters:
            part.chart.stage.say("It has no parameter to change.")
            return
        from tio.screens.questions import Question

        parameter = part.parameters[part.param]
        question = Question(
            f"{parameter.name}: {ranged(parameter)}", said(value_of(self._study.spec, parameter))
        )
        part.chart.app.push_screen(question, lambda text: self._typed(parameter, text))

    def _typed(self, parameter: IndicatorParameter, text: str | None) -> None:
        if text and text.strip() and self._part.stood is not None:
            self._put(parameter, text.strip())

    def _put(self, parameter: IndicatorParameter, text: str) -> None:
        """It with another value."""
        part, now = self._part, self._study
        try:
            spec = changed(now.spec, parameter, checked(parameter, text))
        except TioError as error:
            part.chart.stage.say(in_words(error), "fall")
            return
        if any(study.spec == spec for study in part.studies if study is not now):
            part.chart.stage.say("That one is on the chart already.")
            return
        part.replace_stood(Study(spec, now.share))

    def _move(self, by: int) -> None:
        """It before, or after, its neighbour."""
        part = self._part
        at = part.stood or 0
        if 0 <= at + by < len(part.studies):
            order = list(part.studies)
            order.insert(at + by, order.pop(at))
            part.stood = at + by
            part.show(tuple(order))

    def _resize(self, steps: int) -> None:
        self._part.replace_stood(self._study.resized(steps))
