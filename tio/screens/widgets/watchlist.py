"""The watchlist pane: the caller's lists, live, with everything that can be done to them."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec.structs import replace
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Quotes, Sparks
from tio.api.watchlists import Watchlist, Watchlists
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.questions import Question, symbol_completions, word_completions
from tio.screens.widgets.first_list import first_symbols
from tio.screens.widgets.kept_lists import KeptLists
from tio.screens.widgets.quote_columns import (
    CHOICES,
    Column,
    change_title,
    columns,
    header,
    since,
    unknown,
    unknown_column,
)
from tio.screens.widgets.quote_table import ORDERS, QuoteTable

NEW = ("This list is empty.", "+ adds a symbol, / finds one.")
UNKNOWN = ("No prices yet. In a shell: tio demo,", "tio import bars FILE or tio replay FILE.")
POINTS = 48


class WatchlistPane(QuoteTable):
    """Shows one list at a time; every change is saved at once."""

    scope = "watchlist"
    BINDINGS: ClassVar[list[BindingType]] = bindings("watchlist")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.name_shown = ""
        self._wanted: tuple[str, ...] = ()
        self._silent = False
        self.empty_words = ("Waiting for the engine …",)

    def on_mount(self) -> None:
        self.kept = KeptLists(self.stage)
        self.border_title = Content("watchlist")
        self.set_interval(1.0, self._count)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._count()

    def start(self, engine: Engine) -> None:
        self.run("lists", follow, engine, Watchlists(), self._take_lists, self._fail)
        self._follow(engine)

    def _take_lists(self, lists: Sequence[Watchlist], snapshot: bool) -> None:
        self.kept.take(lists)
        if not self.kept:
            self._offer()
            return
        wanted = self.name_shown or self.stage.recall("watchlist.list", "")
        self._show(wanted if wanted in self.kept else next(iter(self.kept)))

    def _offer(self) -> None:
        """Without a list of one's own: the configured symbols, else what the sources offer."""
        if self.stage.first_symbols:
            self._suppose(self.stage.first_symbols)
        elif self.stage.engine is not None:
            self.run("offer", self._first_list, self.stage.engine)

    def _suppose(self, symbols: Sequence[str]) -> None:
        self.kept.suppose(Watchlist("main", tuple(symbols)))
        self._show("main")

    async def _first_list(self, engine: Engine) -> None:
        self.name_shown, self.empty_words = "main", UNKNOWN
        self._count()
        own = self.stage.workspace.startswith("main")
        while not self.kept:
            try:
                symbols = await first_symbols(engine, own=own)
            except TioError as error:
                self._fail(in_words(error))
                return
            if symbols:
                self._suppose(symbols) if own else self._save(Watchlist("main", symbols))
                return
            # Sources come up after the engine does.
            self.show_symbols(())
            await asyncio.sleep(1.0)

    def _show(self, name: str) -> None:
        known = self.kept[name]
        changed = tuple(self.rows) != known.symbols
        self.name_shown, self.empty_words = name, NEW
        self.stage.symbols = known.symbols
        if known.columns != self._wanted:
            self._wanted = known.columns
            self.repaint()
        if changed or not known.symbols:
            self.show_symbols(known.symbols)
            if self.stage.engine is not None:
                self._follow(self.stage.engine)
        if not self.stage.symbol and self.symbol:
            self.stage.symbol = self.symbol
        elif self.stage.symbol in self.place and self.symbol != self.stage.symbol:
            self.move(self.place[self.stage.symbol])
        self._count()

    def _follow(self, engine: Engine) -> None:
        symbols = tuple(self.rows)
        if symbols:
            quotes, sparks = Quotes(symbols=symbols), Sparks(symbols=symbols, points=POINTS)
            self.run("quotes", follow, engine, quotes, self.take_quotes, self._fail)
            self.run("sparks", follow, engine, sparks, self.take_sparks, self._fail)

    def _fail(self, words: str) -> None:
        if self.rows:
            self.stage.say(words, "fall")
        else:
            self.empty_words = (words,)
            self.repaint()

    def render_line(self, y: int) -> Strip:
        if not self._columns:
            self._columns = self._chosen()
            self._strips.clear()
        below = y - len(self.shown) - 2
        if self._silent and 0 <= below < len(UNKNOWN):
            return self.words(UNKNOWN[below]).adjust_cell_length(
                self.size.width, self.paint.style()
            )
        return super().render_line(y)

    def _chosen(self) -> list[Column]:
        """The columns this list wants, as far as they fit."""
        rows = [self.rows[symbol] for symbol in self.shown]
        return columns(self.size.width, rows, self.stage.clock.monotonic(), self._wanted)

    def _measure(self) -> None:
        wanted = self._chosen()
        if header(wanted) != header(self._columns) or len(wanted) != len(self._columns):
            self.repaint()

    def told_anew(self) -> None:
        self._count()

    def _count(self) -> None:
        """Title and footer: the list's name, how many symbols, how many alive."""
        here = self.name_shown
        title = f"watchlist · {here}" if here else "watchlist"
        if len(self.kept) > 1 and here in self.kept:
            title += f" ({list(self.kept).index(here) + 1}/{len(self.kept)})"
        heard = [row.quote for row in self.rows.values() if not unknown(row.quote)]
        alive = "live" if self.stage.as_of is None else "as of then"
        live = sum(1 for quote in heard if quote and not quote.stale)
        silent = (
            bool(self.rows) and not heard and self.stage.market in ("no live source", "OFFLINE")
        )
        if silent != self._silent:
            self._silent = silent
            self.refresh()
        count = f"{len(self.rows)} symbol{'' if len(self.rows) == 1 else 's'} · {live} {alive}"
        if (
            self.rows
            and self.size.width >= 70
            and change_title(list(self.rows.values())) == "CHG %"
        ):
            count = f"change since close, crypto 24 h, FX 17:00 New York · {count}"
        if self.needle:
            count = f"{self.needle}: {len(self.shown)} of {count}"
        self.border_title, self.border_subtitle = Content(title), Content(count)

    def _change(self, symbols: Sequence[str], say: str = "") -> None:
        """Other symbols for the list shown, `main` when none is; shown at once."""
        self._save(replace(self.kept[self.name_shown or "main"], symbols=tuple(symbols)), say)

    def _save(self, changed: Watchlist, say: str = "") -> None:
        self.kept.save(changed, say)
        self._show(changed.name)

    def action_up(self) -> None:
        self.move(self.cursor - 1)

    def action_down(self) -> None:
        self.move(self.cursor + 1)

    def action_page_up(self) -> None:
        self.move(self.cursor - max(self.size.height - 2, 1))

    def action_page_down(self) -> None:
        self.move(self.cursor + max(self.size.height - 2, 1))

    def action_first(self) -> None:
        self.move(0)

    def action_last(self) -> None:
        self.move(len(self.shown) - 1)

    def action_open(self) -> None:
        if self.symbol:
            self.post_message(self.Opened(self.symbol))

    def action_previous_list(self) -> None:
        self._turn(-1)

    def action_next_list(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        names = list(self.kept)
        if len(names) > 1 and self.name_shown in names:
            name = names[(names.index(self.name_shown) + by) % len(names)]
            self._show(name)
            self.stage.remember("watchlist.list", name)

    def action_sort(self) -> None:
        self.sort_by(ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)])
        self.stage.say(f"sorted by {self.order}" if self.order else "in the list's own order")

    def action_filter(self) -> None:
        def filtered(text: str | None) -> None:
            if text is not None:
                self.needle = text.strip()
                self.order_rows(self.symbol)
                self._count()

        self.app.push_screen(Question("Show symbols that contain", self.needle), filtered)

    def leave(self) -> bool:
        """Take the filter away; whether there was one."""
        there = bool(self.needle)
        self.needle = ""
        if there:
            self.order_rows(self.symbol)
            self._count()
        return there

    def action_add(self) -> None:
        def added(text: str | None) -> None:
            symbols = [word.upper() for word in (text or "").replace(",", " ").split()]
            fresh = [symbol for symbol in symbols if symbol not in self.rows]
            if fresh:
                self._change([*self.rows, *fresh], f"{fresh[0]} added")
                # Said before the cursor moves: a list told meanwhile would move it back.
                self.stage.symbol = fresh[0]
                self.move(self.place.get(fresh[0], self.cursor))
            elif symbols:
                self.move(self.place.get(symbols[0], self.cursor))

        question = Question("Add symbols", complete=symbol_completions(self.stage))
        self.app.push_screen(question, added)

    def action_remove(self) -> None:
        gone = self.symbol
        if gone:
            rest = [symbol for symbol in self.rows if symbol != gone]
            self._change(rest, f"{gone} taken off {self.name_shown}; + adds it back")

    def action_move_up(self) -> None:
        self._reorder(-1)

    def action_move_down(self) -> None:
        self._reorder(1)

    def _reorder(self, by: int) -> None:
        if self.order or self.needle:
            self.stage.say("Reordering needs the list's own order: s until it says so, esc", "fall")
            return
        symbols, at = list(self.rows), self.cursor
        to = at + by
        if 0 <= to < len(symbols):
            symbols[at], symbols[to] = symbols[to], symbols[at]
            self._change(symbols)

    def action_new_list(self) -> None:
        def named(name: str | None) -> None:
            name = (name or "").strip()[:60]
            if name in self.kept:
                self._show(name)
            elif name:
                self._save(Watchlist(name), f"list {name} made")
                self.stage.remember("watchlist.list", name)

        self.app.push_screen(Question("Name of the new list"), named)

    def action_columns(self) -> None:
        """Choose the list's columns; an empty answer lets the width choose."""

        def chosen(text: str | None) -> None:
            names = tuple(dict.fromkeys((text or "").lower().replace(",", " ").split()))
            wrong = unknown_column(names)
            if wrong:
                self.stage.say(wrong, "fall")
            elif text is not None:
                said = f"columns: {' '.join(names)}" if names else "as many columns as fit"
                self._save(replace(self.kept[self.name_shown or "main"], columns=names), said)

        now = self._wanted or [c.name for c in self._columns if c.name not in ("symbol", "mark")]
        question = Question(
            "Columns; none: as many as fit", " ".join(now), word_completions(CHOICES)
        )
        self.app.push_screen(question, chosen)

    def action_delete_list(self) -> None:
        name = self.name_shown

        def confirmed(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes") and self.stage.engine is not None:
                self.name_shown = ""
                self.stage.background("delete", self.kept.delete, self.stage.engine, name)

        words = f"Remove the list {name} with {len(self.rows)} symbols? y or n"
        self.app.push_screen(Question(words), confirmed)

    def receipt(self) -> str:
        row = self.rows.get(self.symbol)
        if row is None or row.quote is None or row.quote.last is None:
            return ""
        quote = row.quote
        when = quote.as_of.isoformat() if quote.as_of else "time unknown"
        change = "" if quote.change_percent is None else f" · {quote.change_percent:+.2f}% since "
        return (
            f"{quote.symbol} {quote.last!r} {quote.currency}".rstrip()
            + (change and change + since(quote))
            + f" · {quote.source} · as of {when} · {quote.delay}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        names = ("last", "bid", "ask", "change", "change_percent", "volume", "currency", "source")
        rows: list[Sequence[object]] = [("symbol", *names, "delay", "as_of")]
        for symbol in self.shown:
            quote = self.rows[symbol].quote
            if quote is None:
                rows.append((symbol,))
                continue
            figures = [getattr(quote, name) for name in names]
            when = quote.as_of.isoformat() if quote.as_of else ""
            rows.append((symbol, *("" if f is None else f for f in figures), quote.delay, when))
        return f"watchlist-{self.name_shown}", rows
