"""Questions answered without a model: what they name is looked up and told in sentences.

The same tools a model has, called one after the other; each figure of the answer is copied from
what they told. What a question leaves out is what those before it were about.
"""

from collections.abc import Callable, Sequence

from tio.api.chats import SLASH, ChatMessage, Chip, ChipKind
from tio.api.watchlists import Watchlist
from tio.engine.analyst.conversation.events import Finished
from tio.engine.analyst.models.speech import Text
from tio.engine.analyst.rules import answering_own, telling
from tio.engine.analyst.rules.asking import Asking, Events
from tio.engine.analyst.rules.intents import OWN, PAIRS, WIDE, Matter, currency_of, indicator_of
from tio.engine.analyst.rules.naming import unmistakable
from tio.engine.analyst.rules.when import frame_of, span_of
from tio.engine.analyst.tools.desk import ToolDesk
from tio.plugin import Clock

HELP = (
    "Without a model I answer by rules: a symbol's price, change, levels, indicators, volatility, "
    "volume, hours and events, why it moved, how two compare; your positions, portfolio, risk, "
    "orders, trades, ideas and income. Name a symbol, as in `how does BTC-USD stand?`, or write "
)
_REPORTS = {
    Matter.why: ("ExplainMove", "symbol"),
    Matter.outlook: ("Brief", "symbol"),
    Matter.trend: ("Brief", "symbol"),
    Matter.news: ("Brief", "symbol"),
    Matter.levels: ("Brief", "symbol"),
    Matter.volatility: ("Brief", "symbol"),
    Matter.volume: ("Brief", "symbol"),
    Matter.journal: ("ReviewJournal", "portfolio"),
    Matter.risk: ("ReviewRisk", "portfolio"),
    Matter.portfolio: ("ReviewPortfolio", "portfolio"),
    Matter.morning: ("MorningBrief", "watchlist"),
}
_OF_ONE = frozenset((Matter.none, Matter.outlook, Matter.trend, Matter.change))
"""What is asked of several symbols at once as how they compare."""
_SYMBOLS = 8
_BACK = 6
"""Earlier questions that are gone back to for what one leaves out."""


async def answer(
    question: str,
    chips: Sequence[Chip],
    desk: ToolDesk,
    clock: Clock,
    earlier: Sequence[ChatMessage] = (),
) -> Events:
    """What rules can say to a question, by the same tools; the last event is Finished.

    `earlier` are the questions of the chat before it, the newest last.
    """
    asked = Asking(question, chips, desk, clock, earlier[-_BACK:])
    async for event in _answered(asked):
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
    asked = Asking("", chips, desk, clock)
    return fields | {name: about for name in missing if (about := await asked.about(name))}


def help_text() -> str:
    """What can be asked without a model."""
    return f"{HELP}{', '.join(f'/{each.name}' for each in SLASH)}."


async def _answered(asked: Asking) -> Events:
    named = await asked.find_symbols()
    matter = _matter(asked)
    if matter is Matter.help or (asked.said and not asked.symbols and matter not in WIDE):
        return
    if matter in OWN and not named and not asked.understood.refers and asked.earlier:
        # All of them: only what is looked at now narrows it, nothing of before.
        asked.symbols = asked.looked_at(asked.chips)
    if matter is Matter.none and not asked.symbols:
        return
    if matter in (Matter.none, Matter.price) and span_of(asked.question, asked.now):
        matter = Matter.change
    if len(asked.symbols) > 1 and matter in _OF_ONE:
        matter = Matter.compare
    matter = Matter.outlook if matter is Matter.none else matter
    async for event in _told(asked, matter):
        yield event


def _matter(asked: Asking) -> Matter:
    """The likeliest matter for which enough is named; else the likeliest."""
    matters = asked.understood.matters
    if not matters and any(each.kind is ChipKind.idea for each in asked.chips):
        return Matter.ideas
    for each in matters:
        if each is Matter.portfolio and asked.understood.refers and asked.symbols:
            return Matter.position
        needs = 2 if each in PAIRS else 0 if each in WIDE else 1
        if len(asked.symbols) >= needs:
            return each
    return next(iter(matters), Matter.none)


async def _told(asked: Asking, matter: Matter) -> Events:
    """Say what is known of a matter."""
    card = next((each.about for each in asked.chips if each.kind is ChipKind.idea), "")
    if card and matter in (Matter.ideas, Matter.outlook):
        told = asked.report(Matter.ideas, "CheckIdea", id=card)
    elif matter in OWN:
        told = answering_own.own(asked, matter)
    elif matter in (Matter.portfolio, Matter.price) and currency_of(asked.question):
        told = answering_own.converted(asked, matter)
    elif matter is Matter.compare and len(asked.symbols) > 1:
        told = _compared(asked)
    elif matter is Matter.news and "GetNews" not in asked.words:
        asked.said.append(telling.NO_NEWS)
        return
    elif matter in _REPORTS:
        word, name = _REPORTS[matter]
        about = await asked.about(name)
        if not about:
            return
        told = asked.report(matter, word, **{name: about})
        if matter is Matter.portfolio and (span := span_of(asked.question, asked.now)):
            told = answering_own.returned(asked, about, span)
        if matter is Matter.levels and not asked.desk.past:
            told = _beside_price(asked, told)
    elif matter is Matter.hours and not asked.symbols:
        told = _hours(asked)
    elif matter in PAIRS and len(asked.symbols) == 1:
        asked.said.append(f"Name another symbol beside {asked.symbols[0]} to compare it with.")
        return
    elif not asked.symbols:
        asked.said.append(telling.NO_SYMBOL)
        return
    else:
        told = _of_symbol(asked, matter, asked.symbols[0])
    async for event in told:
        yield event


async def _of_symbol(asked: Asking, matter: Matter, symbol: str) -> Events:
    call: tuple[str, dict[str, object]]
    tell: Callable[[object], list[str]]
    text = asked.understood.text
    match matter:
        case Matter.correlation:
            call = "GetCorrelation", {"symbols": asked.symbols[:_SYMBOLS]}
            tell = telling.correlation
        case Matter.hours:
            call, tell = ("GetHours", {"of": f"${symbol}"}), telling.hours
        case Matter.events:
            call, tell = (
                ("GetEvents", {"symbol": symbol}),
                telling.events_of(symbol, asked.now),
            )
        case Matter.indicator:
            name, length = indicator_of(text)
            spec = {"name": name, "params": {"length": length} if length else {}}
            frame = frame_of(text)
            call = (
                "ComputeIndicators",
                {"specs": [spec], "symbol": symbol, "timeframe": frame, "limit": 2},
            )
            tell = telling.indicator_of(symbol, frame)
        case Matter.extreme | Matter.change if (span := asked.span()) and not asked.today(span):
            call = asked.bars(symbol, span)
            made = telling.extreme_of if matter is Matter.extreme else telling.change_of
            tell = made(symbol, span)
        case _:
            call = "GetQuotes", {"symbols": asked.symbols[:_SYMBOLS]}
            tell = telling.quote if len(asked.symbols) == 1 else telling.quotes
            if asked.desk.past:
                call = "GetBars", {"symbol": symbol, "timeframe": "1d", "limit": 2}
                tell = telling.close_of(symbol)
    async for event in asked.call(call[0], **call[1]):
        yield event
    asked.say(tell)
    if matter is Matter.indicator and not asked.desk.past:
        # What a line over prices is held against.
        async for event in asked.call("GetQuotes", symbols=[symbol]):
            yield event
        asked.say(telling.last_price)


async def _beside_price(asked: Asking, levels: Events) -> Events:
    """Levels, and the price they are held against."""
    async for event in asked.call("GetQuotes", symbols=asked.symbols[:1]):
        yield event
    asked.say(telling.last_price)
    async for event in levels:
        yield event


async def _hours(asked: Asking) -> Events:
    """The hours of a venue that is named, else of what stands first on a list."""
    venues = [each for each in unmistakable(asked.question) if each != "UTC"]
    lists = (await asked.quietly("ListWatchlists")).answer
    listed = [each for one in telling.each_of(lists, Watchlist) for each in one.symbols]
    for of in (*venues, *(f"${each}" for each in listed[:1])):
        async for event in asked.call("GetHours", of=of):
            yield event
        asked.say(telling.hours)
        return
    asked.said.append(telling.NO_SYMBOL)


async def _compared(asked: Asking) -> Events:
    """Two or more beside each other: over the span that was asked for, or in a report."""
    span, symbols = asked.span(), asked.symbols[:_SYMBOLS]
    if span is None:
        async for event in asked.report(Matter.compare, "Compare", symbols=symbols):
            yield event
        return
    changes: dict[str, float] = {}
    for symbol in symbols:
        word, fields = asked.bars(symbol, span)
        async for event in asked.call(word, **fields):
            yield event
        asked.say(telling.change_of(symbol, span))
        if (change := telling.change(asked.told, span)) is not None:
            changes[symbol] = change
    if len(changes) > 1:
        best = max(changes, key=lambda symbol: changes[symbol])
        asked.said.insert(0, f"{best} did {'better' if len(changes) == 2 else 'best'}.")
