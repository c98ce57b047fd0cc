"""The line at the bottom: the command line when it is open, what is to be said, the main keys."""

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult, RenderResult
from textual.containers import Horizontal
from textual.strip import Strip
from textual.widget import Widget

from tio.api.errors import TioError
from tio.api.market import SearchInstruments
from tio.draw.table import cell_width, fit
from tio.screens.actions import CODES
from tio.screens.grammar import completions
from tio.screens.stage import later, stage
from tio.screens.widgets.pane import strip

if TYPE_CHECKING:
    from tio.screens.widgets.command_field import CommandField

Completion = tuple[str, str]
KEPT = 200
PAUSE = 0.4
"""Seconds of no typing after which sources are asked for a name too."""


class StatusLine(Widget):
    """What the app said last on the left, the main keys on the right."""

    hint = ""

    def on_mount(self) -> None:
        for name in ("paint", "said", "trouble"):
            self.watch(self.app, name, self.repaint, init=False)

    def repaint(self) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        app, width = stage(self), self.size.width
        paint = app.paint
        if paint is None:
            return Strip.blank(width)
        bar = paint.style("muted", "bar")
        words, tone = (self.hint, "muted") if self.hint else app.said
        trouble = "" if self.hint else app.trouble
        if trouble and not words:
            words, tone, trouble = trouble, "fall", ""
        right = "" if width < 20 else "? keys · ^p " if width < 78 else "? keys · ^p palette "
        room = width - cell_width(right)
        if not words and room >= 40:
            words = ": command · / symbol"
        if cell_width(words) > room - 2:
            right, room = "", width
        if trouble:
            # What was said last and what ails a source share the line.
            room = min(cell_width(words) + 3, width // 2)
            right, bar = fit(trouble, width - room), paint.style("fall", "bar")
        return strip(
            [(" " + fit(words, room - 1), paint.style(tone, "bar")), (right, bar)]
        ).adjust_cell_length(width, bar)


class CompletionList(Widget):
    """What the line may become, each with a word about it, above the line."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Completion] = []
        self.chosen = -1

    def show(self, items: list[Completion], chosen: int) -> None:
        self.items, self.chosen = items[:8], chosen if items else -1
        self.display = bool(items)
        self.styles.height = max(len(self.items), 1)
        self.refresh()

    def repaint(self) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        paint, width = stage(self).paint, self.size.width
        if paint is None or y >= len(self.items):
            return Strip.blank(width)
        word, about = self.items[y]
        ground = "selected" if y == self.chosen else "bar"
        parts = [
            (" › " if y == self.chosen else "   ", paint.style("accent", ground)),
            (fit(word, 16), paint.style("text", ground, bold=True)),
            (fit(about, max(width - 19, 0)), paint.style("muted", ground)),
        ]
        return strip(parts).adjust_cell_length(width, paint.style("muted", ground))


class BottomLine(Horizontal):
    """Closed it shows the status; `open` turns it into a command line or a symbol search.

    Its field, an input widget, is mounted once the first frame is painted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.field: CommandField | None = None
        self.searching = False
        self._wanted: tuple[str, bool] | None = None
        self._past = 0
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Prompt()
        if stage(self).painted:
            yield self._new_field()
        yield StatusLine()

    async def furnish(self) -> None:
        """Mount the field."""
        if self.field is None:
            await self.mount(self._new_field(), after=0)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.open(wanted[0], search=wanted[1])

    def _new_field(self) -> "CommandField":
        from tio.screens.widgets.command_field import CommandField

        self.field = CommandField(compact=True, select_on_focus=False)
        self.field.display = False
        return self.field

    @property
    def history(self) -> list[str]:
        return [line for line in stage(self).recall("command.history", "").split("\n") if line]

    def open(self, text: str = "", *, search: bool = False) -> None:
        """Open with a text; `search` finds symbols alone."""
        field = self.field
        if field is None:
            # Pressed before it was there: it opens once it is.
            self._wanted = ((self._wanted[0] if self._wanted else "") + text, search)
            return
        self._before, self.searching, self._past = self.screen.focused, search, 0
        if not self.screen.query(CompletionList):
            self.screen.mount(CompletionList())
        field.display = True
        field.value = text
        field.cursor_position = len(text)
        field.focus()
        self.query_one(StatusLine).hint = "symbol or name" if search else "[SYMBOL …] CODE [words]"
        self.query_one(StatusLine).refresh()

    def close(self, refocus: bool = True) -> None:
        field, before = self.field, self._before
        if field is None or not field.display:
            return
        self._before = None
        field.display = False
        for shown in self.screen.query(CompletionList):
            shown.remove()
        self.query_one(StatusLine).hint = ""
        self.query_one(StatusLine).refresh()
        if refocus and before is not None:
            before.focus()

    @property
    def _list(self) -> CompletionList | None:
        found = self.screen.query(CompletionList)
        return found.first() if found else None

    def turn(self, by: int) -> None:
        """Another found symbol, or another line of history."""
        shown = self._list
        if self.searching and shown is not None and shown.items:
            shown.show(shown.items, (shown.chosen + by) % len(shown.items))
            return
        past, field = self.history, self.field
        self._past = min(max(self._past - by, 0), len(past))
        if field is not None:
            field.value = past[-self._past] if self._past else ""
            field.cursor_position = len(field.value)

    def accept(self) -> None:
        """Put the first completion in place of the last word."""
        shown, field = self._list, self.field
        if field is not None and shown is not None and shown.items:
            word = shown.items[max(shown.chosen, 0)][0]
            head, blank, _ = field.value.rpartition(" ")
            field.value = f"{head}{blank}{word}"
            field.cursor_position = len(field.value)

    def typed(self, text: str) -> None:
        """Offer what the text may become."""
        if self.field is None or not self.field.display:
            return
        codes: list[Completion] = []
        if not self.searching:
            codes = [(code, CODES[code].help) for code in completions(text, CODES)]
        self._offer(codes if text else codes[:8], [])
        word = text.split(" ")[-1].removeprefix("$").removeprefix(":")
        typed_code = any(w.upper() in CODES for w in text.split(" ")[:-1])
        if word and not typed_code and (self.searching or len(word) > 1):
            self.run_worker(later(self._find, text, word, codes), group="find", exclusive=True)

    async def _find(self, text: str, word: str, codes: list[Completion]) -> None:
        engine = stage(self).engine
        if engine is None:
            return
        # What is known is shown at once; sources are asked when the typing has paused.
        for sources in (False, True):
            try:
                found = await engine.ask(SearchInstruments(query=word, limit=8, sources=sources))
            except TioError:
                return
            if self.field is None or self.field.value != text:
                return
            self._offer(codes, [(i.symbol, i.name or i.venue) for i in found])
            if sources or len(found) >= 8 or len(word) < 2:
                return
            await asyncio.sleep(PAUSE)

    def _offer(self, codes: list[Completion], symbols: list[Completion]) -> None:
        shown = self._list
        if shown is not None:
            items = codes + [each for each in symbols if each[0] not in CODES]
            shown.show(items, 0 if self.searching and symbols else -1)

    def entered(self, text: str) -> None:
        """Do what the line says."""
        shown, line = self._list, text.strip()
        if self.searching and shown is not None and 0 <= shown.chosen < len(shown.items):
            line = "$" + shown.items[shown.chosen][0]
        self.close()
        if not line:
            return
        app = stage(self)
        if not self.searching:
            kept = [each for each in self.history if each != line][-KEPT + 1 :]
            app.remember("command.history", "\n".join([*kept, line]))
        app.obey(line)


class Prompt(Widget):
    """The mark where commands begin."""

    def on_mount(self) -> None:
        self.watch(self.app, "paint", self.repaint, init=False)

    def repaint(self) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        paint = stage(self).paint
        if paint is None:
            return Strip.blank(self.size.width)
        return strip([(" › ", paint.style("accent", "bar", bold=True))])

    def on_click(self) -> None:
        line = self.parent
        if isinstance(line, BottomLine):
            line.open()
