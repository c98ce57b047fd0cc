"""Questions answered without a model: what they name is looked up and told in sentences.

The same tools a model has, called one after the other; each figure of the answer is copied from
what they told.
"""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from tio.api.analyst import Report
from tio.api.chats import SLASH, Chip, ChipKind
from tio.engine.analyst.conversation.events import CallBegun, CallEnded, ChatEvent, Finished
from tio.engine.analyst.models.speech import Text, ToolCall
from tio.engine.analyst.rules import telling
from tio.engine.analyst.rules.intents import (
    Matter,
    frame_of,
    indicator_of,
    matter_of,
    span_of,
)
from tio.engine.analyst.rules.naming import candidates, meant
from tio.engine.analyst.tools.desk import Called, ToolDesk
from tio.plugin import Clock

HELP = (
    "Without a model I answer by rules: a symbol's price, change, levels, indicators, volatility, "
    "volume, hours and events, why it moved, how two compare; your positions, portfolio, risk, "
    "orders, trades, ideas and income. Name a symbol, as in `how does BTC-USD stand?`, or write "
)
_REPORTS = {
    Matter.why: ("ExplainMove", "symbol"),
    Matter.outlook: ("Brief", "symbol"),
    Matter.levels: ("Brief", "symbol"),
    Matter.volatility: ("Brief", "symbol"),
    Matter.volume: ("Brief", "symbol"),
    Matter.journal: ("ReviewJournal", "portfolio"),
    Matter.risk: ("ReviewRisk", "portfolio"),
    Matter.portfolio: ("ReviewPortfolio", "portfolio"),
    Matter.morning: ("MorningBrief", "watchlist"),
}
_SYMBOLS = 8

Events = AsyncGenerator[ChatEvent, None]


async def answer(question: str, chips: Sequence[Chip], desk: ToolDesk, clock: Clock) -> Events:
    """What rules can say to a question, by the same tools; the last event is Finished."""
    asked = _Asked(question, chips, desk, clock)
    async for event in asked.answered():
        yield event
    text = " ".join(asked.said) or help_text()
    yield Text(text)
    yield Finished(text, "rules")


async def completed(
    word: str, fields: dict[str, object], chips: Sequence[Chip], desk: ToolDesk, clock: Clock
) -> dict[str, object]:
    """A workflow's fields with the portfolio or watchlist that was not named."""
    needs = {name for kind, name in _REPORTS.values() if kind == word and name != "symbol"}
    missing = needs - set(fields)
    asked = _Asked("", chips, desk, clock)
    return fields | {name: about for name in missing if (about := await asked.about(name))}


def help_text() -> str:
    """What can be asked without a model."""
    return f"{HELP}{', '.join(f'/{each.name}' for each in SLASH)}."


@dataclass
class _Asked:
    """One question on its way to an answer: `said` are its sentences."""

    question: str
    chips: Sequence[Chip]
    desk: ToolDesk
    clock: Clock
    said: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    _count: int = 0
    _last: Called | None = None

    async def answered(self) -> Events:
        matter = matter_of(self.question)
        if matter is Matter.help:
            return
        await self._find_symbols()
        if matter is Matter.none and any(each.kind is ChipKind.idea for each in self.chips):
            matter = Matter.ideas
        if matter in (Matter.none, Matter.size) and not self.symbols:
            if matter is Matter.size:
                self.said.append(telling.SIZE)
            return
        if matter is Matter.none:
            matter = Matter.compare if len(self.symbols) > 1 else Matter.outlook
        if len(self.symbols) > 1 and matter in (Matter.outlook, Matter.change):
            matter = Matter.compare
        async for event in self._told(matter):
            yield event

    async def _told(self, matter: Matter) -> Events:
        """Say what is known of a matter."""
        card = next((each.about for each in self.chips if each.kind is ChipKind.idea), "")
        if card and matter in (Matter.ideas, Matter.outlook):
            async for event in self._report("CheckIdea", id=card):
                yield event
            return
        if matter in _REPORTS:
            word, field = _REPORTS[matter]
            about = await self.about(field)
            if about:
                async for event in self._report(word, **{field: about}):
                    yield event
            return
        if matter is Matter.compare and len(self.symbols) > 1:
            async for event in self._report("Compare", symbols=self.symbols[:_SYMBOLS]):
                yield event
            return
        if matter in _OWN:
            async for event in self._own(matter):
                yield event
            return
        if matter in (Matter.compare, Matter.correlation) and len(self.symbols) == 1:
            self.said.append(f"Name another symbol beside {self.symbols[0]} to compare it with.")
            return
        if not self.symbols:
            self.said.append(telling.NO_SYMBOL)
            return
        async for event in self._of_symbol(matter, self.symbols[0]):
            yield event

    async def _of_symbol(self, matter: Matter, symbol: str) -> Events:
        now = self.desk.as_of or self.clock.now()
        asked: tuple[str, dict[str, object]]
        tell: Callable[[object], list[str]]
        match matter:
            case Matter.correlation:
                asked = "GetCorrelation", {"symbols": self.symbols[:_SYMBOLS]}
                tell = telling.correlation
            case Matter.hours:
                asked, tell = ("GetHours", {"of": f"${symbol}"}), telling.hours
            case Matter.events:
                asked, tell = ("GetEvents", {"symbol": symbol}), telling.events_of(symbol, now)
            case Matter.indicator:
                name, length = indicator_of(self.question)
                spec = {"name": name, "params": {"length": length} if length else {}}
                frame = frame_of(self.question)
                asked = (
                    "ComputeIndicators",
                    {"specs": [spec], "symbol": symbol, "timeframe": frame, "limit": 2},
                )
                tell = telling.indicator_of(symbol, frame)
            case Matter.extreme | Matter.change if span := span_of(self.question, now):
                start = f"{span.start:%Y-%m-%dT%H:%M:%SZ}"
                asked = "GetBars", {"symbol": symbol, "timeframe": "1d", "start": start}
                made = telling.extreme_of if matter is Matter.extreme else telling.change_of
                tell = made(symbol, span)
            case _:
                asked, tell = ("GetQuotes", {"symbols": [symbol]}), telling.quote
                if self.desk.past:
                    asked = "GetBars", {"symbol": symbol, "timeframe": "1d", "limit": 2}
                    tell = telling.close_of(symbol)
        async for event in self._call(asked[0], **asked[1]):
            yield event
        self._say(tell)
        if matter is Matter.indicator and not self.desk.past:
            # What a line over prices is held against.
            async for event in self._call("GetQuotes", symbols=[symbol]):
                yield event
            self._say(telling.last_price)

    async def _own(self, matter: Matter) -> Events:
        """What belongs to the person: positions, orders, ideas, income, a size."""
        if matter is Matter.size:
            self.said.append(telling.SIZE)
            return
        portfolio = ""
        async for event in self._call("ListPortfolios"):
            yield event
        portfolio = self._portfolio()
        if not portfolio:
            self.said.append(telling.NO_PORTFOLIO)
            return
        word, tell = {
            Matter.position: ("GetPositions", telling.position_of(self.symbols)),
            Matter.orders: ("ListOrders", telling.orders_of(self.symbols)),
            Matter.ideas: ("ListIdeas", telling.ideas),
            Matter.income: ("GetIncome", telling.income),
        }[matter]
        async for event in self._call(word, portfolio=portfolio):
            yield event
        self._say(tell)

    async def about(self, field: str) -> str:
        """What a report is of: a symbol, a portfolio, a watchlist; "" and a word where none is."""
        if field == "symbol":
            if not self.symbols:
                self.said.append(telling.NO_SYMBOL)
            return next(iter(self.symbols), "")
        word = "ListPortfolios" if field == "portfolio" else "ListWatchlists"
        called = await self._quietly(word)
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

    async def _find_symbols(self) -> None:
        """The instruments a question names; those one looks at where it names none."""
        for text in candidates(self.question):
            called = await self._quietly("SearchInstruments", query=text, limit=5, sources=False)
            found = meant(text, called.answer)
            if found and found not in self.symbols:
                self.symbols.append(found)
        if not self.symbols:
            kinds = (ChipKind.symbol, ChipKind.chart, ChipKind.position)
            self.symbols += [each.about for each in self.chips if each.kind in kinds]
            self.symbols += [each for chip in self.chips for each in _reported(chip)]

    async def _report(self, word: str, **fields: object) -> Events:
        if word not in {each.name for each in self.desk.shelf}:
            word, fields = "Brief", {"symbol": self.symbols[0]} if self.symbols else fields
        async for event in self._call(word, **fields):
            yield event
        self._say(lambda told: [told.headline] if isinstance(told, Report) else [])

    def _portfolio(self) -> str:
        told = self._last.answer if self._last is not None else None
        names = [each.name for each in told] if isinstance(told, tuple) else []
        chosen = [each.portfolio for each in self.chips if each.portfolio in names]
        return next(iter((*chosen, *names)), "")

    def _say(self, tell: Callable[[object], list[str]]) -> None:
        """What the last call told, in sentences; why it told nothing."""
        called = self._last
        assert called is not None
        if not called.ok:
            self.said.append(called.text.removeprefix("Error: "))
        else:
            self.said += tell(called.answer)

    async def _quietly(self, word: str, **fields: object) -> Called:
        """A call that only finds out what is meant; nobody needs to see it."""
        self._count += 1
        return await self.desk.call(ToolCall(f"look{self._count}", word, _json(fields)))

    async def _call(self, word: str, **fields: object) -> Events:
        self._count += 1
        call = ToolCall(f"rule{self._count}", word, _json(fields))
        yield CallBegun(call.id, word, call.arguments)
        begun = self.clock.monotonic()
        self._last = await self.desk.call(call)
        yield CallEnded(call.id, word, (self.clock.monotonic() - begun) * 1_000, self._last)


def _reported(chip: Chip) -> list[str]:
    """The symbols a report that was taken along is of."""
    workflow, _, about = chip.about.partition(" ")
    of_symbols = chip.kind is ChipKind.report and workflow in ("brief", "why", "compare")
    return about.split(", ") if of_symbols else []


_OWN = frozenset((Matter.position, Matter.orders, Matter.ideas, Matter.income, Matter.size))


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields, default=str)
