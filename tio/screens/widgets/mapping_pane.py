"""Which column of a CSV is what, beside samples of it, and how its words and figures go."""

from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.mappings import GuessMapping
from tio.screens.actions import bindings
from tio.screens.bringing import Bringing
from tio.screens.questions import Question, word_completions
from tio.screens.widgets.lines import Line
from tio.screens.widgets.mapping_lines import Choice, choices, chosen, mapping_table, options
from tio.screens.widgets.table_lines import Row, TableLines


class MappingPane(TableLines):
    """A line a choice: ← and → change it, and how well the file is read so is told at once."""

    scope = "mapping"
    BINDINGS: ClassVar[list[BindingType]] = bindings("mapping")

    def __init__(self, bringing: Bringing, **options: Any) -> None:
        super().__init__(**options)
        self._bringing = bringing

    def on_mount(self) -> None:
        super().on_mount()
        self._bringing.heed(self._tell)

    def _tell(self) -> None:
        guess = self._bringing.guess
        if guess is None or self.stage.paint is None or not self.is_mounted:
            return
        self.border_title = Content(f"columns · {self._bringing.name} · no reader knows it")
        if guess.known_as or guess.remembered:
            known = guess.remembered or guess.known_as
            self.border_title = Content(f"columns · {self._bringing.name} · {known} reads it")
        self.border_subtitle = Content(
            "←→ change · c types · w keeps · enter previews · esc leaves"
        )
        read = guess.lines - guess.refused
        tone = "rise" if guess.lines and not guess.refused else "accent" if read else "fall"
        said = f"{read:,} of {guess.lines:,} lines can be read so"
        kept = f" · will be kept as {self._bringing.keep_as}" if self._bringing.keep_as else ""
        head: list[Line] = [[(said, tone), (kept, "muted")]]
        title, lines = mapping_table(guess, self.size.width - 2)
        rows: list[Row] = [*zip(lines, choices(guess), strict=True)]
        rows += [([], None), *(([(note, "muted")], None) for note in guess.notes)]
        if self._bringing.wrong:
            rows.append(([(self._bringing.wrong, "fall")], None))
        self.show_table([*head, title], rows)

    def on_resize(self, event: Any) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def leave(self) -> bool:
        """Back to the rows where there are some."""
        if self._bringing.columns and self._bringing.preview is not None:
            self._bringing.columns = False
            self._bringing.tell()
            return True
        return False

    def action_before(self) -> None:
        self._turn(-1)

    def action_after(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        guess, here = self._bringing.guess, self.chosen
        if guess is None or not isinstance(here, Choice):
            return
        there = options(guess, here)
        if not there:
            self.action_type()
            return
        at = there.index(here.value) if here.value in there else -by if by > 0 else 0
        self._choose(here, there[(at + by) % len(there)])

    def _choose(self, here: Choice, value: str) -> None:
        guess, engine = self._bringing.guess, self.stage.engine
        if guess is None or engine is None:
            return
        if here.what in ("delimiter", "encoding"):
            # Another table: its columns are guessed anew.
            asked = chosen(guess.mapping, here, value)
            self._ask(engine, GuessMapping(guess.path, None, asked.encoding, asked.delimiter))
            return
        self._ask(engine, GuessMapping(guess.path, chosen(guess.mapping, here, value)))

    def _ask(self, engine: Engine, asked: GuessMapping) -> None:
        self.run("guess", self._bringing.choose_columns, engine, asked)

    def action_type(self) -> None:
        guess, here = self._bringing.guess, self.chosen
        if guess is None or not isinstance(here, Choice):
            return
        there = options(guess, here)

        def answered(text: str | None) -> None:
            if text is None:
                return
            value = text.strip()
            if there and value not in there and here.what != "date":
                self.stage.say(f"{value} is not among {', '.join(filter(None, there))}", "fall")
            else:
                self._choose(here, value)

        words = f"{here.name} is … (empty: nothing)"
        self.stage.push_screen(Question(words, here.value, word_completions(there)), answered)

    def action_keep(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self._bringing.keep_as = text.strip()
                self._bringing.tell()

        words = "Keep the mapping by a name, as mybank (empty: do not)"
        self.stage.push_screen(Question(words, self._bringing.keep_as), answered)

    def action_done(self) -> None:
        self._bringing.preview = None
        self._bringing.mapped()
