"""The question for indicators: completed from the catalogue, told what it means while typed."""

import difflib
from collections.abc import Callable, Sequence

from textual import on
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tio.api.errors import TioError
from tio.api.indicators import IndicatorEntry, IndicatorSpec
from tio.api.spec_text import name_in, split_specs
from tio.screens.following import in_words
from tio.screens.questions import Question
from tio.screens.widgets.studies_kept import Catalogue, ranged, said

ASKED = "Indicators: rsi:21 macd:12,26,9 ema:50@1d beta:60/SPY"
SHOWN = 6
"""Lines below what is typed."""
Read = Callable[[str], tuple[IndicatorSpec, ...]]


class IndicatorQuestion(Question):
    """Answers with the text; below it the entries near what is typed, or what is wrong."""

    def __init__(self, catalogue: Catalogue, read: Read, words: str = ASKED) -> None:
        super().__init__(words, "", _Names(catalogue))
        self._catalogue, self._read = catalogue, read

    def on_mount(self) -> None:
        box = self.query_one("#question")
        box.mount(Static(self._told(""), markup=False, id="near"))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        for below in self.query("#near").results(Static):
            below.update(self._told(event.value))

    @on(Input.Submitted)
    def _read_first(self, event: Input.Submitted) -> None:
        """A line that cannot be read stays to be mended, with what is wrong below it."""
        try:
            if "pta." not in event.value:
                self._read(event.value)
        except TioError as error:
            event.prevent_default()
            event.stop()
            for below in self.query("#near").results(Static):
                below.update(Content(in_words(error)))

    def _told(self, text: str) -> Content:
        return Content("\n".join(told(text, self._catalogue, self._read)))


def told(text: str, catalogue: Catalogue, read: Read) -> list[str]:
    """What a typed text means, or the entries it may become; at most so many lines."""
    pieces = split_specs(text)
    last = pieces[-1] if pieces and not text.endswith(" ") else ""
    name = name_in(last)
    entry = catalogue.get(name)
    if entry is not None:
        lines = [described(entry), entry.meaning]
        try:
            read(text)
        except TioError as error:
            lines.insert(0, in_words(error))
        others = [each for each in near(name, catalogue) if each.name != name]
        return [*lines, *(_line(each) for each in others)][:SHOWN]
    found = near(name, catalogue)
    if not found:
        return [f"No indicator is like {name!r}; TA lists them all."]
    return [_line(each) for each in found][:SHOWN]


def near(name: str, catalogue: Catalogue) -> list[IndicatorEntry]:
    """The entries a name may become: that begin so, then those that contain it or look like it."""
    if not name:
        return list(catalogue.values())[:SHOWN]
    begins = [each for key, each in catalogue.items() if key.startswith(name)]
    begins.sort(key=lambda each: len(each.name))
    within = [each for key, each in catalogue.items() if name in key or name in each.title.lower()]
    alike = [catalogue[key] for key in difflib.get_close_matches(name, catalogue, SHOWN, 0.5)]
    return list({each.name: each for each in (*begins, *within, *alike)}.values())


def described(entry: IndicatorEntry) -> str:
    """`Relative strength index · length 14 (2 to 5,000)`."""
    words = [f"{each.name} {said(each.default)} ({ranged(each)})" for each in entry.parameters] or [
        "no parameters"
    ]
    return f"{entry.title} · {', '.join(words)}"


def _line(entry: IndicatorEntry) -> str:
    return f"{entry.name}  {entry.title}"


class _Names(Suggester):
    """The shortest name of the catalogue that begins as the last indicator typed; → takes it."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(use_cache=False, case_sensitive=False)
        self._names: Sequence[str] = sorted(catalogue, key=lambda name: (len(name), name))

    async def get_suggestion(self, value: str) -> str | None:
        typed = value.rpartition(" ")[2]
        name = next((each for each in self._names if typed and each.startswith(typed)), None)
        return value + name[len(typed) :] if name else None
