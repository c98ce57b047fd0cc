"""What a file would bring, row by row, before anything is entered."""

from collections.abc import Callable
from textwrap import wrap
from typing import Any, ClassVar

from msgspec.structs import replace
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.imports import ImportPreview, ImportRow, ImportTransactions, RowState
from tio.screens.actions import bindings
from tio.screens.bringing import Bringing
from tio.screens.following import in_words
from tio.screens.questions import Question, symbol_completions, word_completions
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.widgets.import_lines import counts, one_row, row_table
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.table_lines import TableLines

Brought = Callable[[ImportPreview], None]


class RowPane(Lines, can_focus=False):
    """The row under the cursor in full."""

    hang = 2


class ImportPane(TableLines):
    """The rows of a file and what is decided of each; `brought` hears what was entered."""

    scope = "importing"
    BINDINGS: ClassVar[list[BindingType]] = bindings("importing")

    def __init__(
        self,
        shown: ShownPortfolio,
        bringing: Bringing,
        below: RowPane,
        brought: Brought,
        again: Callable[[], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._shown, self._bringing, self._below = shown, bringing, below
        self._brought, self._other_file = brought, again
        self._only = False
        self._entering = False

    def on_mount(self) -> None:
        super().on_mount()
        self._bringing.heed(self._tell)
        self._tell()

    def start(self, engine: Engine) -> None:
        if self._bringing.preview is None and not self._bringing.columns:
            self._look()

    def _look(self) -> None:
        engine = self.stage.engine
        if engine is not None:
            self.run("look", self._bringing.look, engine)

    def _decide(self, asked: ImportTransactions) -> None:
        if self._entering:
            return
        self._bringing.decide(asked)
        self._look()

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        bringing = self._bringing
        preview = bringing.preview
        title = ["import", bringing.name, f"into {self._shown.name}"]
        if preview is not None:
            title.insert(2, preview.label)
        self.border_title = Content(" · ".join(title))
        wide = self.size.width > 90
        keys = "enter imports · x take or leave · s symbol · f format · m columns"
        self.border_subtitle = Content(keys + " · o only · i file" if wide else keys)
        if preview is None:
            words = bringing.wrong or bringing.busy
            tone = "fall" if bringing.wrong else "muted"
            hint = "f names its kind · m maps its columns · i takes another file · esc leaves"
            lines: list[Line] = [[(words, tone)]]
            if bringing.wrong:
                lines = [*_wrapped(words, self.size.width - 2, tone), [], [(hint, "muted")]]
            self.show_table([], [(line, None) for line in lines])
            self._below.show([])
            return
        self.show_table(*self._table(preview))
        self._tell_row()

    def _table(self, preview: ImportPreview) -> tuple[list[Line], list[tuple[Line, object | None]]]:
        width, rows = self.size.width - 2, self._rows(preview)
        head = [counts(preview)]
        if self._bringing.busy:
            head = [[*head[0], (f"  {self._bringing.busy}", "muted")]]
        if preview.trouble:
            line = f" line {preview.trouble_line:,}" if preview.trouble_line else " it"
            said = f"The ledger cannot bear{line}: {preview.trouble}"
            head += _wrapped(said, width, "fall")
        title, lines = row_table(rows, self._shown.zone, width, self._shown.hidden)
        told: list[tuple[Line, object | None]] = [*zip(lines, rows, strict=True)]
        hidden = preview.new + preview.doubled + preview.odd + preview.refused
        hidden -= len(preview.rows)
        if hidden > 0 and not self._only:
            told.append(([(f"and {hidden:,} more", "muted")], None))
        if not rows:
            nothing = "Nothing to look at: o shows all." if self._only else "The file has no rows."
            told.append(([(nothing, "muted")], None))
        return [*head, title], told

    def _rows(self, preview: ImportPreview) -> list[ImportRow]:
        rows = sorted(preview.rows, key=lambda row: row.line)
        return [row for row in rows if not self._only or row.state is not RowState.new]

    def _tell_row(self) -> None:
        row = self.row
        if row is None:
            self._below.show([])
            return
        self._below.border_title = Content(f"line {row.line:,}")
        spelled = self._bringing.spelled(row)
        self._below.show(one_row(row, spelled, self._shown.zone, self._shown.hidden))

    @property
    def row(self) -> ImportRow | None:
        """The row one stands on."""
        return self.chosen if isinstance(self.chosen, ImportRow) else None

    def stood(self) -> None:
        self._tell_row()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def on_resize(self, event: Any) -> None:
        super().on_resize(event)
        self._tell()

    def action_turn(self) -> None:
        row, preview = self.row, self._bringing.preview
        if row is None or preview is None:
            return
        if row.state is RowState.refused:
            self.stage.say(f"line {row.line} cannot be entered: {row.why}", "fall")
            return
        now = replace(row, taken=not row.taken)
        rows = tuple(now if each is row else each for each in preview.rows)
        taken = preview.taken + (1 if now.taken else -1)
        # Shown at once; whether the ledger can bear it is told when it was asked.
        self._bringing.preview = replace(preview, rows=rows, taken=taken)
        self._decide(self._bringing.turned(row))

    def action_only(self) -> None:
        self._only = not self._only
        self._tell()

    def action_symbol(self) -> None:
        row = self.row
        spelled = None if row is None else self._bringing.spelled(row)
        if spelled is None:
            self.stage.say("This row is of no instrument.")
            return

        def answered(text: str | None) -> None:
            if text is not None:
                self._decide(self._bringing.named(spelled.spelled, text.strip()))

        words = f"{spelled.spelled} is the symbol … (empty: as found)"
        complete = symbol_completions(self.stage)
        self.stage.push_screen(Question(words, spelled.symbol, complete), answered)

    def action_account(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self._decide(replace(self._bringing.asked, account=text.strip()))

        portfolio = self._shown.portfolio
        names = () if portfolio is None else tuple(each.name for each in portfolio.accounts)
        words = "Account of rows that name none"
        asked = Question(words, self._bringing.asked.account, word_completions(names))
        self.stage.push_screen(asked, answered)

    def action_format(self) -> None:
        names = [each.name for each in self._bringing.formats]

        def answered(text: str | None) -> None:
            if text is not None:
                name = text.strip()
                self._bringing.columns = False
                self._bringing.preview = None
                self._decide(replace(self._bringing.asked, format=name, mapping=None))

        now = self._bringing.preview.format if self._bringing.preview is not None else ""
        known = "empty: as it is recognised"
        words = f"Kind of file: {', '.join(names[:4])} … ({known})"
        asked = Question(words, now if now in names else "", word_completions(names))
        self.stage.push_screen(asked, answered)

    def action_columns(self) -> None:
        engine = self.stage.engine
        if engine is not None:
            self.run("look", self._bringing.choose_columns, engine)

    def action_file(self) -> None:
        self._other_file()

    def action_bring(self) -> None:
        preview = self._bringing.preview
        if preview is None or self._entering:
            return
        if preview.trouble:
            self.stage.say("The ledger cannot bear it: x leaves a row out.", "fall")
        elif not preview.taken:
            self.stage.say("No row is taken: there is nothing to enter.", "fall")
        else:
            self._confirm(preview)

    def _confirm(self, preview: ImportPreview) -> None:
        def answered(text: str | None) -> None:
            engine = self.stage.engine
            if text and text.strip().lower() in ("y", "yes") and engine is not None:
                self._entering = True
                self._bringing.busy = f"Entering {preview.taken:,} …"
                self._bringing.tell()
                self.stage.background("ledger", self._bring, engine)

        words = f"Enter {preview.taken:,} of {self._bringing.name} into {self._shown.name}? y or n"
        self.stage.push_screen(Question(words), answered)

    async def _bring(self, engine: Engine) -> None:
        try:
            told = await self._bringing.bring(engine)
        except TioError as error:
            self._entering, self._bringing.busy = False, ""
            self.stage.say(in_words(error), "fall")
            self._bringing.tell()
        else:
            self._brought(told)


def _wrapped(words: str, width: int, tone: str) -> list[Line]:
    return [[(line, tone)] for line in wrap(words, max(width - 1, 20))]
