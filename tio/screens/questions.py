"""One question in one line, asked over whatever is shown."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input

from tio.api.errors import TioError
from tio.api.market import SearchInstruments
from tio.screens.stage import Stage
from tio.screens.widgets.clean_input import CleanInput


class Question(ModalScreen[str | None]):
    """Answers with the text, or None when left with escape."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]

    def __init__(self, words: str, answer: str = "", complete: Suggester | None = None) -> None:
        super().__init__()
        self._words, self._answer, self._complete = words, answer, complete

    def compose(self) -> ComposeResult:
        with Vertical(id="question") as box:
            box.border_title = Content(self._words)
            box.border_subtitle = Content("enter answers · esc leaves")
            yield CleanInput(self._answer, suggester=self._complete, compact=True)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_leave(self) -> None:
        self.dismiss(None)


class _Instruments(Suggester):
    """The likeliest symbol that begins as typed; → takes it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._stage = stage

    async def get_suggestion(self, value: str) -> str | None:
        head, _, word = value.rpartition(" ")
        if not word or self._stage.engine is None:
            return None
        try:
            found: Any = await self._stage.engine.ask(
                SearchInstruments(query=word, limit=8, sources=False)
            )
        except TioError:
            return None
        symbol = next((i.symbol for i in found if i.symbol.startswith(word.upper())), None)
        return f"{head} {word}{symbol[len(word) :]}".strip() if symbol else None


class _Words(Suggester):
    """The first of some words that begins as the last one typed; → takes it."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=False)
        self._known = tuple(known)

    async def get_suggestion(self, value: str) -> str | None:
        typed = value.rpartition(" ")[2]
        word = next((w for w in self._known if typed and w.startswith(typed)), None)
        return value + word[len(typed) :] if word else None


class _Names(Suggester):
    """A name that begins as typed, after one of some verbs or without; → takes it."""

    def __init__(self, verbs: Iterable[str], names: Iterable[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._verbs, self._names = tuple(verbs), tuple(names)

    async def get_suggestion(self, value: str) -> str | None:
        verb = next((each for each in self._verbs if value.startswith(each)), "")
        typed, known = value[len(verb) :], (*self._names, *(() if verb else self._verbs))
        found = next((each for each in known if typed and each.startswith(typed)), None)
        return verb + found if found else None


def name_completions(verbs: Iterable[str], names: Iterable[str]) -> Suggester:
    """Completes an answer to a name, alone or after a verb (that ends with a blank)."""
    return _Names(verbs, names)


def word_completions(known: Iterable[str]) -> Suggester:
    """Completes the last word of an answer to one of these."""
    return _Words(known)


def symbol_completions(stage: Stage) -> Suggester:
    """Completes the last word of an answer to a known symbol."""
    return _Instruments(stage)
