"""The question for an entry: one line, told what it means while it is typed."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tio.api.errors import TioError
from tio.screens.entry_line import EXAMPLES, read
from tio.screens.following import in_words
from tio.screens.questions import Question, word_completions
from tio.screens.selling import is_sale

NEAR = 3
"""Examples shown below what is typed."""


class EntryQuestion(Question):
    """Answers with a line that can be read; below it what it is like, or what is wrong.

    `lots` is given the line of a sale whose lots are to be chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+l", "lots", "Lots")]

    def __init__(
        self,
        words: str,
        line: str = "",
        wrong: str = "",
        lots: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(words, line, word_completions(kind.value for kind in EXAMPLES))
        self._line, self._wrong, self._lots = line, wrong, lots

    def on_mount(self) -> None:
        self.query_one("#question").mount(Static(self._told(self._line), id="like", markup=False))
        self._hint(self._line)

    def _hint(self, line: str) -> None:
        lots = "ctrl+l its lots · " if self._lots is not None and is_sale(line) else ""
        self.query_one("#question").border_subtitle = Content(f"{lots}enter answers · esc leaves")

    def action_lots(self) -> None:
        """Choose the lots of the sale that is typed; a line that cannot be read stays."""
        line = self.query_one(Input).value
        if self._lots is None or not is_sale(line):
            return
        try:
            read(line)
        except TioError as error:
            self._line, self._wrong = line, in_words(error)
            self._tell(self._told(line))
            return
        self.dismiss(None)
        self._lots(line)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.value != self._line:
            self._wrong = ""
        self._tell(self._told(event.value))
        self._hint(event.value)

    @on(Input.Submitted)
    def _read_first(self, event: Input.Submitted) -> None:
        """A line that cannot be read stays to be mended."""
        if not event.value.strip():
            return
        try:
            read(event.value)
        except TioError as error:
            event.prevent_default()
            event.stop()
            self._line, self._wrong = event.value, in_words(error)
            self._tell(self._told(event.value))

    def _tell(self, told: Content) -> None:
        for below in self.query("#like").results(Static):
            below.update(told)

    def _told(self, text: str) -> Content:
        lines = examples(text.strip())
        return Content("\n".join([self._wrong, *lines[: NEAR - 1]] if self._wrong else lines))


def examples(text: str) -> list[str]:
    """Lines that begin as a typed one, else the usual ones."""
    kind = text.partition(" ")[0].lower()
    found = [line for each, line in EXAMPLES.items() if kind and each.value.startswith(kind)]
    more = [line for line in EXAMPLES.values() if line not in found]
    return [f"as: {line}" for line in [*found, *more][:NEAR]]
