"""Questions about what belongs to the person: positions, orders, ideas, income, a currency."""

import re
from datetime import timedelta

from tio.api.market import Quote
from tio.api.portfolio import Holdings
from tio.engine.analyst.rules import telling, telling_own
from tio.engine.analyst.rules.asking import Asking, Events
from tio.engine.analyst.rules.intents import Matter, currency_of
from tio.engine.analyst.rules.when import Span

_LISTS = re.compile(
    r"\b(which|what|list|show|all|any|how many)\b.*\b(ideas|cards)\b", re.IGNORECASE
)


async def own(asked: Asking, matter: Matter) -> Events:
    """What belongs to the person: positions, orders, ideas, income, a size."""
    if matter is Matter.size:
        asked.said.append(telling.SIZE)
        return
    if card := re.search(r"\bi\d{1,9}\b", asked.question):
        async for event in asked.report(matter, "CheckIdea", id=card[0]):
            yield event
        return
    async for event in asked.call("ListPortfolios"):
        yield event
    portfolio = _portfolio(asked)
    if not portfolio:
        asked.said.append(telling.NO_PORTFOLIO)
        return
    word, tell = {
        Matter.position: ("GetPositions", telling_own.position_of(asked.symbols)),
        Matter.orders: ("ListOrders", telling_own.orders_of(asked.symbols)),
        Matter.ideas: ("ListIdeas", telling_own.ideas_of(asked.symbols)),
        Matter.income: ("GetIncome", telling_own.income),
    }[matter]
    async for event in asked.call(word, portfolio=portfolio):
        yield event
    one = telling_own.the_idea(asked.told, asked.symbols)
    if matter is Matter.ideas and one and not _LISTS.search(asked.question):
        async for event in asked.report(matter, "CheckIdea", id=one):
            yield event
        return
    asked.say(tell)


async def converted(asked: Asking, matter: Matter) -> Events:
    """A worth or a price in another currency, by the rate of a pair that is known here."""
    wanted, base = currency_of(asked.question), ""
    if matter is Matter.price:
        async for event in asked.call("GetQuotes", symbols=asked.symbols[:1]):
            yield event
        asked.say(telling.last_price)
        if told := telling.each_of(asked.told, Quote):
            base = told[0].currency
    elif portfolio := await asked.about("portfolio"):
        async for event in asked.call("GetPositions", portfolio=portfolio):
            yield event
        asked.say(telling_own.worth)
        if isinstance(held := asked.told, Holdings):
            base = held.currency
    if not base or base == wanted:
        return
    for pair, upside in ((f"{wanted}{base}", True), (f"{base}{wanted}", False)):
        if symbol := await asked.named_by(pair):
            async for event in asked.call("GetQuotes", symbols=[symbol]):
                yield event
            asked.say(telling_own.rate(base, wanted, upside))
            return
    asked.said.append(f"No rate of {wanted} to {base} is known here, so it is not converted.")


async def returned(asked: Asking, portfolio: str, span: Span) -> Events:
    """What a portfolio did over a span, then the whole of it."""
    fields: dict[str, object] = {"portfolio": portfolio, "start": span.start.date()}
    if span.end is not None:
        fields["end"] = (span.end - timedelta(days=1)).date()
    async for event in asked.call("GetPerformance", **fields):
        yield event
    asked.say(telling_own.returned(span))
    async for event in asked.report(Matter.portfolio, "ReviewPortfolio", portfolio=portfolio):
        yield event


def _portfolio(asked: Asking) -> str:
    told = asked.last.answer if asked.last is not None else None
    names = [each.name for each in told] if isinstance(told, tuple) else []
    chosen = [each.portfolio for each in asked.chips if each.portfolio in names]
    return next(iter((*chosen, *names)), "")
