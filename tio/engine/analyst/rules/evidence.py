"""What a report stood on: each word it asked, with the print of its answer."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace

from tio.api.contract import After, Engine, Request, Topic, Watch
from tio.api.errors import TioError
from tio.api.indicators import ComputeIndicators
from tio.api.ledger import GetPositions
from tio.api.limits import GetRiskLimits
from tio.api.market import Bars, GetQuotes, Quote
from tio.api.performance import GetPerformance
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import GetRisk
from tio.api.risk import GetCorrelation
from tio.api.series import Series, Times
from tio.api.stress import StressPortfolio, StressWindows
from tio.api.trading import ListOrders, OrderPreview
from tio.engine.analyst.rules.scope import Scope

R = TypeVar("R")
Asked = tuple[Request[Any], ...]
_ANY = datetime.min.replace(tzinfo=UTC)


def _of_portfolio(asked: Any) -> Asked:
    name = asked.portfolio
    return GetPositions(name), ListOrders(name, open=True), GetRiskLimits()


def _today(asked: GetPerformance) -> Asked:
    """What stands today; a performance up to another day is of the past alone."""
    return () if asked.end is not None else (GetPositions(asked.portfolio),)


def _bars(asked: ComputeIndicators) -> Asked:
    """As the sections ask for them, so that they are asked for once."""
    at = asked.end
    return (Scope(asked.symbol, at or _ANY, at).bars(asked.timeframe),)


def _quotes(asked: GetCorrelation) -> Asked:
    return tuple(GetQuotes((each,)) for each in asked.symbols)


INSTEAD: Mapping[type[Request[Any]], Callable[[Any], Asked]] = {
    ComputeIndicators: _bars,
    GetCorrelation: _quotes,
    GetRisk: _of_portfolio,
    StressPortfolio: _of_portfolio,
    StressWindows: _of_portfolio,
    GetPerformance: _today,
}
"""What is asked in place of a word that takes long: all it is reckoned from, but its past.

The past (stored bars, the ledger) is told by the store's revision, which goes with every print.
"""


class Witness:
    """An engine for one report: each word is asked once, and the print of its answer kept.

    What is in `fresh` was answered a moment ago and is not asked again. What is asked in place of a
    long word is asked before it: were it to change meanwhile, its print would be the older one.
    """

    def __init__(self, engine: Engine, fresh: Mapping[Request[Any], Any]) -> None:
        self._engine = engine
        self._fresh = fresh
        self._asked: dict[Request[Any], asyncio.Task[Any]] = {}
        self.prints: dict[Request[Any], bytes] = {}
        self.refused: set[Request[Any]] = set()
        self.past = False
        """Whether something was asked whose past only the store's revision tells."""

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        task = self._asked.get(request)
        if task is None:
            task = self._asked[request] = asyncio.ensure_future(self._answer(request))
        answer: R = await task
        return answer

    async def _answer(self, request: Request[Any]) -> Any:
        instead = INSTEAD.get(type(request))
        if instead is not None:
            self.past = self.past or not isinstance(request, ComputeIndicators)
            await asyncio.gather(*map(self.ask, instead(request)), return_exceptions=True)
            return await self._engine.ask(request)
        try:
            answer = self._fresh.get(request)
            if isinstance(answer, TioError):
                raise answer
            if answer is None:
                answer = await self._engine.ask(request)
        except TioError as error:
            self.prints[request] = print_of(error)
            self.refused.add(request)
            raise
        self.prints[request] = print_of(answer)
        return answer

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        return self._engine.watch(topic, after=after)

    async def close(self) -> None:
        """It holds nothing of its own."""


def print_of(answer: Any) -> bytes:
    """16 bytes that differ where an answer or an error does; how old a quote is does not count."""
    if isinstance(answer, TioError):
        told: Any = (type(answer).__name__, answer.message, answer.next)
    else:
        told = _still(answer)
    return blake2b(_ENCODER.encode(told), digest_size=16).digest()


def _still(answer: Any) -> Any:
    """Without what only the clock moves, and without the bar that forms: quotes tell of that."""
    if isinstance(answer, tuple) and answer and isinstance(answer[0], Quote):
        return tuple(replace(each, age=None, received_at=None) for each in answer)
    if isinstance(answer, Holdings):
        return replace(answer, at=_ANY)
    if isinstance(answer, OrderPreview):
        return replace(
            answer,
            orders=tuple(
                replace(each, id="", placed_at=None, since=None) for each in answer.orders
            ),
        )
    if isinstance(answer, Bars) and answer.forming:
        columns = (getattr(answer, name) for name in _COLUMNS)
        over = [np.asarray(each)[:-1].tobytes() for each in columns]
        return replace(answer, **{name: _NOTHING[name] for name in _COLUMNS}), over
    return answer


def _lower(value: object) -> object:
    match value:
        case Series() | Times():
            return np.asarray(value).tobytes()
    return repr(value)


_COLUMNS = ("time", "open", "high", "low", "close", "volume")
_NOTHING = {name: Times() if name == "time" else Series() for name in _COLUMNS}
_ENCODER = msgspec.msgpack.Encoder(enc_hook=_lower)
