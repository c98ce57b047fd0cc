"""Something told over the screen: the keys of where one stands, everything known of a symbol."""

from collections.abc import Sequence
from datetime import tzinfo
from textwrap import wrap
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tio.api.market import Quote
from tio.draw.table import fit, price, signed, signed_percent, volume
from tio.screens.actions import CODES, Action, keys_of
from tio.screens.stage import stage
from tio.screens.widgets.quote_columns import covered, decimals_of, delayed, mark, since

Line = tuple[str, str]
EDGES = 5
"""Cells of border, padding and scrollbar."""


class Told(ModalScreen[None]):
    """Pairs of a word and what it means; any of escape, space, enter, ? or q leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,space,enter,question_mark,q", "leave", "Leave")
    ]

    def __init__(self, title: str, lines: Sequence[Line], below: str = "esc leaves") -> None:
        super().__init__()
        self._title, self._lines, self._below = title, lines, below

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="told") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(self._below)
            box.styles.scrollbar_size_vertical = 1
            yield Static(self._text(), markup=False)

    def on_resize(self) -> None:
        self.query_one(Static).update(self._text())

    def _text(self) -> Text:
        paint = stage(self).paint
        head = paint.style("accent") if paint else Style()
        body = paint.style("text") if paint else Style()
        wide = max((len(word) for word, _ in self._lines), default=0) + 2
        room = max(int(self.app.size.width * 0.96) - EDGES - wide, 20)
        text = Text(no_wrap=True)
        for number, (word, meaning) in enumerate(self._lines):
            text.append("\n" if number else "")
            text.append(fit(word, wide), head)
            text.append(f"\n{' ' * wide}".join(wrap(meaning, room)), body)
        return text

    def action_leave(self) -> None:
        self.dismiss(None)


def keys_told(
    here: Sequence[Action], everywhere: Sequence[Action], changed: dict[str, str]
) -> Told:
    """The keys of a pane, of everywhere, and the codes of the command line."""

    def lines(actions: Sequence[Action]) -> list[Line]:
        return [
            (" ".join(keys_of(action, changed)) or "palette", f"{action.help}  ({action.id})")
            for action in actions
        ]

    told = [*lines(here), ("", "")] if here else []
    told += [*lines(everywhere), ("", ""), (": A–Z", "command line: [SYMBOL …] CODE [words]")]
    told += [(code, action.help) for code, action in CODES.items()]
    told += [("$W", "the symbol W, not the code")]
    return Told("keys", told, "(…) is an action's name in [keys] of config.toml")


def quote_told(quote: Quote, zone: tzinfo, age: float | None) -> Told:
    """Everything known of a symbol, with where it comes from."""
    decimals = decimals_of(quote)

    def moment(name: str) -> str:
        when = getattr(quote, name)
        return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}" if when else "unknown"

    marked = mark(quote, age)[0]
    lines = [
        ("name", quote.name or "unknown"),
        ("last", f"{price(quote.last, decimals)} {quote.currency}  {marked}".rstrip()),
        ("change", f"{signed(quote.change, decimals)}  {signed_percent(quote.change_percent)}"),
        ("since", since(quote)),
        ("bid", f"{price(quote.bid, decimals)} × {volume(quote.bid_size)}"),
        ("ask", f"{price(quote.ask, decimals)} × {volume(quote.ask_size)}"),
        ("day", f"{price(quote.low, decimals)} to {price(quote.high, decimals)}"),
        ("open", price(quote.open, decimals)),
        ("close before", price(quote.previous_close, decimals)),
        ("volume", volume(quote.volume)),
        ("session", str(quote.session)),
        ("as of", moment("as_of")),
        ("received", moment("received_at")),
        ("source", ", ".join(w for w in (quote.source, delayed(quote), covered(quote)) if w)),
        ("note", quote.note or "none"),
        ("flags", ", ".join(quote.flags).replace("_", " ") or "none"),
    ]
    return Told(quote.symbol, lines)
