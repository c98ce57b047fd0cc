"""A question on its way to an answer by rules: what it names, what was looked up, what is said."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tio.api.analyst import Report
from tio.api.chats import ChatMessage, Chip, ChipKind
from tio.engine.analyst.conversation.events import CallBegun, CallEnded, ChatEvent
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.rules import report_lines, telling
from tio.engine.analyst.rules.intents import PAIRS, WIDE, Matter
from tio.engine.analyst.rules.naming import candidates, meant, unmistakable
from tio.engine.analyst.rules.understood import Understood, understood
from tio.engine.analyst.rules.when import Span, frames_of, span_of
from tio.engine.analyst.tools.desk import Called, ToolDesk
from tio.plugin import Clock

Events = AsyncGenerator[ChatEvent, None]
_BEFORE = timedelta(days=7)
"""Days before a span in which the close it starts from lies, whatever was closed."""


@dataclass
class Asking:
    """One question: `said` are the sentences of its answer, `last` is what was called last."""

    question: str
    chips: Sequence[Chip]
    desk: ToolDesk
    clock: Clock
    earlier: Sequence[ChatMessage] = ()
    said: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    last: Called | None = None
    _count: int = 0

    def __post_init__(self) -> None:
        self.understood: Understood = understood(
            self.question, [each.text for each in self.earlier]
        )

    @property
    def told(self) -> object:
        """What the last call answered."""
        return None if self.last is None else self.last.answer

    async def about(self, field: str) -> str:
        """What a report is of: a symbol, a portfolio, a watchlist; "" and a word where none is."""
        if field == "symbol":
            if not self.symbols:
                self.said.append(telling.NO_SYMBOL)
            return next(iter(self.symbols), "")
        word = "ListPortfolios" if field == "portfolio" else "ListWatchlists"
        called = await self.quietly(word)
        told = called.answer
        names: list[str] = [each.name for each in told] if isinstance(told, tuple) else []
        wanted = [each for each in names if each.lower() in self.question.lower().split()]
        kind = ChipKind.portfolio if field == "portfolio" else ChipKind.watchlist
        chips = [each.portfolio or each.about for each in self.chips
                 if each.portfolio or each.kind is kind]  # fmt: skip
        chosen = [*wanted, *(each for each in chips if each in names), *names]
        if not chosen:
            portfolio = field == "portfolio"
            self.said.append(telling.NO_PORTFOLIO if portfolio else telling.NO_LIST)
        return next(iter(chosen), "")

    async def find_symbols(self) -> bool:
        """The instruments a question names, else looks at, else those of earlier ones.

        Whether it names them itself.
        """
        self.symbols = await self.named(self.question)
        unknown = await self.unknown()
        named = bool(self.symbols)
        pair = bool(PAIRS & set(self.understood.matters))
        wide = not named and set(self.understood.matters[:1]) & WIDE
        if unknown and not wide and (pair or not named):
            what = ", ".join(unknown)
            self.said.append(
                f"No source here knows {what}: `tio search {unknown[0]}` looks for more."
            )
        alone = (
            len(self.symbols) < 2
            and self.understood.refers
            and PAIRS & set(self.understood.matters)
        )
        if (named and not alone) or unknown:
            return named
        found = self.looked_at(self.chips)
        for each in reversed(self.earlier):
            if found:
                break
            found = await self.named(each.text) or self.looked_at(each.chips)
        self.symbols += [each for each in found if each not in self.symbols]
        return named

    async def named(self, text: str) -> list[str]:
        """The instruments a text names."""
        found = [await self.named_by(each) for each in candidates(text)]
        return [each for each in dict.fromkeys(found) if each]

    async def named_by(self, text: str) -> str:
        """The instrument a word means, "" where it is none."""
        called = await self.quietly("SearchInstruments", query=text, limit=5, sources=False)
        return meant(text, called.answer)

    async def unknown(self) -> list[str]:
        """The words that can only be symbols and that nobody knows."""
        words = unmistakable(self.question)
        return [each for each in words if not await self.named_by(each)]

    def looked_at(self, chips: Sequence[Chip]) -> list[str]:
        """The instruments of what somebody looked at."""
        kinds = (ChipKind.symbol, ChipKind.chart, ChipKind.position)
        looked_at = [each.about for each in chips if each.kind in kinds]
        return looked_at + [each for chip in chips for each in _reported(chip)]

    def span(self) -> Span | None:
        """The span a question names, or the one it goes on from."""
        return span_of(self.question, self.now) or span_of(self.understood.text, self.now)

    def today(self, span: Span) -> bool:
        """Whether a quote tells the span: today's, of a chat about now."""
        return span.words == "today" and not self.desk.past

    @property
    def now(self) -> datetime:
        """The moment the question is about."""
        return self.desk.as_of or self.clock.now()

    def bars(self, symbol: str, span: Span) -> tuple[str, dict[str, object]]:
        """Its days, with the one before them to start from."""
        start = f"{span.start - _BEFORE:%Y-%m-%dT00:00:00Z}"
        fields: dict[str, object] = {"symbol": symbol, "timeframe": "1d", "start": start}
        if span.end is not None:
            fields["end"] = f"{span.end:%Y-%m-%dT%H:%M:%SZ}"
        return "GetBars", fields

    @property
    def words(self) -> set[str]:
        """The tools there are."""
        return {each.name for each in self.desk.shelf}

    async def report(self, matter: Matter, word: str, **fields: object) -> Events:
        """A report, of which the lines that were asked for are said."""
        if word not in self.words:
            word, fields = "Brief", {"symbol": self.symbols[0]} if self.symbols else fields
        async for event in self.call(word, **fields):
            yield event
        frames = frames_of(self.understood.text)
        self.say(
            lambda told: (
                report_lines.answered(told, matter, self.question, frames)
                if isinstance(told, Report)
                else []
            )
        )

    def say(self, tell: Callable[[object], list[str]]) -> None:
        """What the last call told, in sentences; why it told nothing."""
        called = self.last
        assert called is not None
        if not called.ok:
            self.said.append(called.text.removeprefix("Error: "))
        else:
            self.said += tell(called.answer)

    async def quietly(self, word: str, **fields: object) -> Called:
        """A call that only finds out what is meant; nobody needs to see it."""
        self._count += 1
        return await self.desk.call(ToolCall(f"look{self._count}", word, _json(fields)))

    async def call(self, word: str, **fields: object) -> Events:
        """A call that is shown; what it told is `last`."""
        self._count += 1
        call = ToolCall(f"rule{self._count}", word, _json(fields))
        yield CallBegun(call.id, word, call.arguments)
        begun = self.clock.monotonic()
        self.last = await self.desk.call(call)
        yield CallEnded(call.id, word, (self.clock.monotonic() - begun) * 1_000, self.last)


def _reported(chip: Chip) -> list[str]:
    """The symbols a report that was taken along is of."""
    workflow, _, about = chip.about.partition(" ")
    of_symbols = chip.kind is ChipKind.report and workflow in ("brief", "why", "compare")
    return about.split(", ") if of_symbols else []


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields, default=str)
