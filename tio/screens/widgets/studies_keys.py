"""The keys of the study one stands on."""

from typing import TYPE_CHECKING

from tio.screens.actions import of_scope, pressed

if TYPE_CHECKING:
    from tio.screens.widgets.studies_part import StudiesPart


class StudyKeys:
    """Does what the actions of the scope `study` say, by the keys they have here."""

    def __init__(self, part: "StudiesPart") -> None:
        self._part = part

    def press(self, key: str) -> bool:
        """Whether the key is one of theirs."""
        method = pressed(key, of_scope("study"), self._part.chart.stage.key_changes)
        if method:
            getattr(self, method)()
        return bool(method)

    def before(self) -> None:
        self._part.turn_param(-1)

    def after(self) -> None:
        self._part.turn_param(1)

    def more(self) -> None:
        self._part.step_param(1)

    def less(self) -> None:
        self._part.step_param(-1)

    def much_more(self) -> None:
        self._part.step_param(10)

    def much_less(self) -> None:
        self._part.step_param(-10)

    def type(self) -> None:
        self._part.type_param()

    def close(self) -> None:
        self._part.replace_stood(None)

    def up(self) -> None:
        self._part.move_stood(-1)

    def down(self) -> None:
        self._part.move_stood(1)

    def higher(self) -> None:
        self._resize(1)

    def lower(self) -> None:
        self._resize(-1)

    def _resize(self, steps: int) -> None:
        part = self._part
        if part.stood is not None:
            part.replace_stood(part.studies[part.stood].resized(steps))
