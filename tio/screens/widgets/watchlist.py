"""The watchlist pane: the caller's lists, live, with everything that can be done to them."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Quotes, SearchInstruments, Sparks
from tio.api.watchlists import DeleteWatchlist, SaveWatchlist, Watchlist, Watchlists
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.questions import Question, symbol_completions
from tio.screens.widgets.quote_columns import change_title, since
from tio.screens.widgets.quote_table import ORDERS, QuoteTable

NEW = ("This list is empty.", "+ adds a symbol, / finds one.")
POINTS = 48
OFFERED = 24
SETTLES = 2.0
"""Seconds within which the engine tells the lists as they were saved."""


class WatchlistPane(QuoteTable):
    """Shows one list at a time; every change is saved at once."""

    scope = "watchlist"
    BINDINGS: ClassVar[list[BindingType]] = bindings("watchlist")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lists: dict[str, Watchlist] = {}
        self._unsaved: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._settling: dict[str, float] = {}
        self.name_shown = ""
        self.empty_words = ("Waiting for the engine …",)

    def on_mount(self) -> None:
        super().on_mount()
        self.border_title = Content("watchlist")
        self.set_interval(1.0, self._count)

    def start(self, engine: Engine) -> None:
        self.run("lists", follow, engine, Watchlists(), self._take_lists, self._fail)
        self._follow(engine)

    def _take_lists(self, lists: Sequence[Watchlist], snapshot: bool) -> None:
        told = {each.name: each for each in lists}
        self.lists = told | dict(self._mine(told))
        if not self.lists:
            self._offer()
            return
        wanted = self.name_shown or self.stage.recall("watchlist.list", "")
        self._show(wanted if wanted in self.lists else next(iter(self.lists)))

    def _mine(self, told: Mapping[str, Watchlist]) -> Iterator[tuple[str, Watchlist]]:
        """The lists of which an engine's telling is older than the change made here.

        It is until it says what was saved, or does not within SETTLES: someone else changed it.
        """
        now = self.stage.clock.monotonic()
        for name, mine in list(self.lists.items()):
            settling = now < self._settling.get(name, 0.0) and told.get(name) != mine
            if name in self._unsaved or settling:
                yield name, mine
            else:
                self._settling.pop(name, None)

    def _offer(self) -> None:
        """Without a list of one's own: the configured symbols, else what the sources offer."""
        if self.stage.first_symbols:
            self._save("main", self.stage.first_symbols)
        elif self.stage.engine is not None:
            self.run("offer", self._first_list, self.stage.engine)

    async def _first_list(self, engine: Engine) -> None:
        self.name_shown, self.empty_words = "main", NEW
        while not self.lists:
            try:
                found = await engine.ask(SearchInstruments(limit=OFFERED))
            except TioError as error:
                self._fail(in_words(error))
                return
            if found:
                self._save("main", tuple(instrument.symbol for instrument in found))
                return
            # Sources come up after the engine does.
            self.show_symbols(())
            await asyncio.sleep(1.0)

    def _show(self, name: str) -> None:
        known = self.lists.get(name, Watchlist(name))
        changed = tuple(self.rows) != known.symbols
        self.name_shown, self.empty_words = name, NEW
        self.stage.symbols = known.symbols
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

    def told_anew(self) -> None:
        self._count()

    def _count(self) -> None:
        """Title and footer: the list's name, how many symbols, how many alive."""
        here = self.name_shown
        title = f"watchlist · {here}" if here else "watchlist"
        if len(self.lists) > 1:
            title += f" ({list(self.lists).index(here) + 1}/{len(self.lists)})" if here else ""
        live = sum(1 for row in self.rows.values() if row.quote and not row.quote.stale)
        count = f"{len(self.rows)} symbols · {live} live"
        if self.size.width >= 70 and change_title(list(self.rows.values())) == "CHG %":
            count = f"change since close, crypto 24 h, FX 17:00 New York · {count}"
        if self.needle:
            count = f"{self.needle}: {len(self.shown)} of {count}"
        self.border_title, self.border_subtitle = Content(title), Content(count)

    def _save(self, name: str, symbols: Sequence[str], say: str = "") -> None:
        """Show a list at once and keep it; what the engine answers is what stays."""
        self.lists[name] = Watchlist(name, tuple(symbols))
        self._show(name)
        engine = self.stage.engine
        if engine is None:
            return
        under_way = name in self._unsaved
        self._unsaved.setdefault(name, []).append((tuple(symbols), say))
        if not under_way:
            self.stage.background(f"save {name}", self._keep, engine, name)

    async def _keep(self, engine: Engine, name: str) -> None:
        """Save a list's changes one after the other: two at once could arrive in either order."""
        changes = self._unsaved[name]
        try:
            while changes:
                symbols, say = changes[0]
                try:
                    await engine.ask(SaveWatchlist(name=name, symbols=symbols))
                except TioError as error:
                    self.stage.say(f"The list is not saved: {in_words(error)}", "fall")
                else:
                    if say:
                        self.stage.say(say, "rise")
                changes.pop(0)
        finally:
            del self._unsaved[name]
            self._settling[name] = self.stage.clock.monotonic() + SETTLES

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
        names = list(self.lists)
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
                self._save(self.name_shown or "main", [*self.rows, *fresh], f"{fresh[0]} added")
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
            self._save(self.name_shown, rest, f"{gone} taken off {self.name_shown}; + adds it back")

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
            self._save(self.name_shown, symbols)

    def action_new_list(self) -> None:
        def named(name: str | None) -> None:
            name = (name or "").strip()[:60]
            if name in self.lists:
                self._show(name)
            elif name:
                self._save(name, (), f"list {name} made")
                self.stage.remember("watchlist.list", name)

        self.app.push_screen(Question("Name of the new list"), named)

    def action_delete_list(self) -> None:
        name = self.name_shown

        def confirmed(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes") and self.stage.engine is not None:
                self.name_shown = ""
                self.stage.background("delete", self._delete, self.stage.engine, name)

        words = f"Remove the list {name} with {len(self.rows)} symbols? y or n"
        self.app.push_screen(Question(words), confirmed)

    async def _delete(self, engine: Engine, name: str) -> None:
        self._settling.pop(name, None)
        try:
            await engine.ask(DeleteWatchlist(name=name))
        except TioError as error:
            self.stage.say(in_words(error), "fall")

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
