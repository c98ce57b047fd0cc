"""What can be done to a ledger from the terminal: asked for in one line, then booked."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.ledger import (
    Change,
    CreatePortfolio,
    EditTransaction,
    ListChanges,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.portfolio import Portfolio, Transaction
from tio.api.system import GetHealth
from tio.screens.entry_asked import EntryQuestion
from tio.screens.entry_line import added, edited, read
from tio.screens.entry_written import told, written
from tio.screens.following import in_words
from tio.screens.questions import Question
from tio.screens.selling import sell_line
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.widgets.book_lines import discreet

NONE_YET = "No portfolio yet: n makes one."


class Bookkeeping:
    """Asks, has the engine book it, and says what was booked.

    `began` hears that another portfolio is shown.
    """

    def __init__(self, shown: ShownPortfolio, began: Callable[[], None]) -> None:
        self._shown, self._stage, self.began = shown, shown.stage, began

    def add(self, line: str = "", wrong: str = "") -> None:
        """Ask for a new entry and book it; one that is refused stays to be mended."""
        portfolio = self._shown.portfolio
        if portfolio is None:
            self._stage.say(NONE_YET, "fall")
            return

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._do(self._add, portfolio, text)

        words = f"What happened in {portfolio.name}?"
        lots = partial(sell_line, self._shown)
        self._stage.push_screen(EntryQuestion(words, line, wrong, lots), answered)

    async def _add(self, engine: Engine, portfolio: Portfolio, line: str) -> None:
        try:
            # The engine's own time: a workspace may live in another one.
            now = (await engine.ask(GetHealth())).now
            entry = await engine.ask(added(portfolio.name, read(line), now))
        except TioError as error:
            self.add(line, in_words(error))
        else:
            self._booked(f"booked as {entry.id}: {self._told(entry)}")

    def edit(self, entry: Transaction, line: str = "", wrong: str = "") -> None:
        """Ask for an entry anew, its line filled in."""
        name, was = self._shown.name, written(entry, self._shown.zone)

        def answered(text: str | None) -> None:
            if text and text.strip():
                asked = edited(name, entry.id, read(was), read(text))
                if asked is not None:
                    self._do(self._edit, asked, entry, text)
                else:
                    self._stage.say(f"{entry.id} is as it was")

        lots = partial(sell_line, self._shown, was=entry)
        asked = EntryQuestion(f"Entry {entry.id}", line or was, wrong, lots)
        self._stage.push_screen(asked, answered)

    async def _edit(
        self, engine: Engine, asked: EditTransaction, entry: Transaction, line: str
    ) -> None:
        try:
            now = await engine.ask(asked)
        except TioError as error:
            self.edit(entry, line, in_words(error))
        else:
            self._booked(f"{now.id} is now: {self._told(now)}")

    def remove(self, entry: Transaction) -> None:
        """Take an entry out after asking."""
        asked = RemoveTransaction(self._shown.name, entry.id)
        said = f"{entry.id} is removed; u brings it back"
        self._confirm(f"Remove? y or n · {self._told(entry)}", asked, said)

    def undo(self, change: Change | None) -> None:
        """Take a change back, the newest where none is told, after saying which."""
        if not self._shown.name:
            self._stage.say(NONE_YET, "fall")
        elif change is None:
            self._do(self._find_newest)
        elif change.undone_by is not None:
            self._stage.say(f"{change.number} is undone already, by {change.undone_by}", "fall")
        else:
            self._confirm_undo(change)

    async def _find_newest(self, engine: Engine) -> None:
        try:
            changes = await engine.ask(ListChanges(self._shown.name, 1000))
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        standing = (each for each in changes if each.undone_by is None and each.undoes is None)
        newest = next(standing, None)
        if newest is None:
            self._stage.say("There is nothing to undo.", "fall")
        else:
            self._confirm_undo(newest)

    def _confirm_undo(self, change: Change) -> None:
        what = discreet(change.what, self._shown.hidden)
        asked = UndoTransaction(self._shown.name, change.number)
        said = f"change {change.number} is undone; v shows the changes"
        self._confirm(f"Undo {change.number}? y or n · {what}", asked, said)

    def create(self) -> None:
        """Ask for the name and the currency of a new portfolio."""

        def answered(text: str | None) -> None:
            name, _, currency = (text or "").strip().rpartition(" ")
            if name and currency:
                self._do(self._create, name.strip(), currency.upper())
            elif currency:
                self._stage.say(f"{currency}: the currency is missing, as in: main USD", "fall")

        first = "" if self._shown.portfolios else "main USD"
        self._stage.push_screen(Question("Name and currency, as main USD", first), answered)

    def compare(self) -> None:
        """Ask what performance is compared with."""

        def answered(text: str | None) -> None:
            if text is not None:
                self._shown.compare(text.strip().upper())

        words = "Compare performance with, as SPY; empty: with nothing"
        self._stage.push_screen(Question(words, self._shown.benchmark), answered)

    async def _create(self, engine: Engine, name: str, currency: str) -> None:
        zone = getattr(self._stage.zone, "key", "UTC")
        try:
            made = await engine.ask(CreatePortfolio(name, currency, zone=zone))
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        self._shown.show(made.name)
        self.began()
        self._stage.say(
            f"{made.name} in {made.currency}, days of {made.zone}; a adds an entry", "rise"
        )

    def confirm(self, words: str, asked: Request[Any], said: str) -> None:
        """Ask whether it is meant, have it done, and say that it is."""
        self._confirm(words, asked, said)

    def _confirm(self, words: str, asked: Request[Any], said: str) -> None:
        def answered(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes"):
                self._do(self._ask, asked, said)

        self._stage.push_screen(Question(words), answered)

    async def _ask(self, engine: Engine, asked: Request[Any], said: str) -> None:
        try:
            await engine.ask(asked)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
        else:
            self._booked(said)

    def _booked(self, said: str) -> None:
        self._shown.booked()
        self._stage.say(said, "rise")

    def _told(self, entry: Transaction) -> str:
        return discreet(told(entry, self._shown.zone), self._shown.hidden)

    def _do(self, work: Callable[..., object], *args: object) -> None:
        engine = self._stage.engine
        if engine is None:
            self._stage.say("The engine is not there yet.", "fall")
        else:
            self._stage.background("ledger", partial(work, engine), *args)  # type: ignore[arg-type]
