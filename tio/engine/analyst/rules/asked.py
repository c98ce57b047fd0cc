"""What several workflows find out first: quotes of symbols, the caller's portfolios."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tio.api.contract import Request
from tio.api.errors import NotFound, TioError
from tio.api.ledger import ListPortfolios
from tio.api.market import GetQuotes, Quote
from tio.engine.analyst.rules.scope import Scope
from tio.engine.analyst.rules.writing import Asking, ask_all


async def scopes_of(
    symbols: Sequence[str], asking: Asking, at: datetime | None, *, strict: bool = True
) -> tuple[Scope, ...]:
    """Each symbol at the moment, once, in the order given; a past one has no quote.

    Now with the caller's portfolios. `strict`: NotFound for one nobody knows.
    """
    if at is not None:
        return tuple(Scope(each, at, at) for each in dict.fromkeys(symbols))
    quoted = {each: GetQuotes((each,)) for each in dict.fromkeys(symbols)}
    first: tuple[Request[Any], ...] = (ListPortfolios(), *quoted.values())
    told = await ask_all(asking.engine, first)
    portfolios = told[ListPortfolios()]
    untold = portfolios if isinstance(portfolios, TioError) else None
    found: dict[str, Scope] = {}
    for symbol, request in quoted.items():
        answer = told[request]
        if strict and isinstance(answer, NotFound):
            raise answer
        quote: Quote | None = None if isinstance(answer, TioError) or not answer else answer[0]
        name = symbol if quote is None else quote.symbol
        held = () if untold is not None else portfolios
        found.setdefault(name, Scope(name, asking.now, None, quote, held, untold))
    return tuple(found.values())
