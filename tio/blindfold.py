"""A past moment without its name and date: the same figures, told of `BLIND` in another year."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace

from tio.api.as_of import STILL_LIVE
from tio.api.charts import Drawings, ListDrawings
from tio.api.companies import GetEvents
from tio.api.contract import After, Effect, Engine, Item, Request, Topic, Watch, Word
from tio.api.errors import Conflict
from tio.api.ledger import ListPortfolios
from tio.api.market import Instrument, Quote, SearchInstruments
from tio.api.series import Times
from tio.api.watchlists import ListWatchlists, Watchlist, Watchlists

R = TypeVar("R")
BLIND = "BLIND"
"""What the symbol is called."""
_YEAR = 2000
_SHOWN = frozenset(
    ("BarUpdates", "ComputeIndicators", "GetBars", "GetQuotes", "GetSessionLevels",
     "GetVolumeProfile", "IndicatorUpdates", "Quotes", "Sparks")
)  # fmt: skip
"""What a drill shows of the one symbol."""
_PLAIN = frozenset(
    ("CancelJob", "DeleteLayout", "FollowLink", "GetConfig", "GetHealth", "GetReplay",
     "GetSettings", "GetStorage", "ListIndicators", "ListJobs", "ListLayouts", "ListPlugins",
     "SaveLayout", "SaveSetting")
)  # fmt: skip
"""What tells nothing of symbol and date."""
_NAMING = ("ChatEvents", "Links", "Log", "Replays", "SourceStates")


@dataclass(frozen=True, slots=True)
class Mask:
    """What is hidden: the symbol, and by how much time is moved: whole weeks, so days keep."""

    symbol: str
    moved: timedelta

    @classmethod
    def of(cls, symbol: str, at: datetime) -> "Mask":
        weeks = (at - at.replace(year=_YEAR, month=2, day=1)).days // 7
        return cls(symbol, timedelta(weeks=weeks))

    def shown(self, value: Any) -> Any:
        """An answer with the name and the dates taken out."""
        return self._turned(value, self.symbol, BLIND, -self.moved)

    def meant(self, value: Any) -> Any:
        """A request about what is hidden."""
        return self._turned(value, BLIND, self.symbol, self.moved)

    def _turned(self, value: Any, was: str, called: str, by: timedelta) -> Any:
        def turn(each: Any) -> Any:
            match each:
                case str():
                    return called if each == was else each
                case datetime():
                    return each + by
                case date():
                    return each + by
                case Times():
                    return Times.wrap(np.asarray(each) + by // timedelta(microseconds=1))
                case msgspec.Struct():
                    told = {name: turn(getattr(each, name)) for name in each.__struct_fields__}
                    return replace(each, **told)
                case dict():
                    return {key: turn(inner) for key, inner in each.items()}
                case list() | tuple():
                    return type(each)(map(turn, each))
            return each

        return turn(value)


class Blindfold:
    """Shows one symbol of another engine, by another name and at other dates; nothing else."""

    def __init__(self, engine: Engine, mask: Mask) -> None:
        self._engine = engine
        self._mask = mask

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        answer: Any
        match request:
            case ListPortfolios() | ListDrawings() | GetEvents():
                answer = ()  # they would tell what it is
            case ListWatchlists():
                answer = (_the_list(),)
            case SearchInstruments():
                answer = (Instrument(symbol=BLIND),)
            case _:
                name = type(request).__name__
                if name in _PLAIN:
                    return await self._engine.ask(request, key=key)
                self._admit(request)
                told = await self._engine.ask(self._mask.meant(request), key=key)
                answer = _nameless(self._mask.shown(told))
        return answer  # type: ignore[no-any-return]

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        name = type(topic).__name__
        always: Any = {Watchlists: (_the_list(),), Drawings: ()}.get(type(topic))
        if always is not None:
            return _Always(always)
        if name in STILL_LIVE and name not in _NAMING:
            return self._engine.watch(topic, after=after)
        self._admit(topic)
        return _Masked(self._engine.watch(self._mask.meant(topic)), self._mask)

    async def close(self) -> None:
        """Nothing of its own."""

    def _admit(self, word: Word) -> None:
        name = type(word).__name__
        symbols = {getattr(word, "symbol", BLIND), *getattr(word, "symbols", ())}
        if name not in _SHOWN or type(word).meaning.effect is not Effect.read:
            raise Conflict(
                "a blind drill shows the bars of one symbol and nothing else",
                "REVEAL ends it, NOW leaves it",
            )
        if symbols != {BLIND}:
            raise Conflict(f"a blind drill shows {BLIND} alone", "REVEAL ends it, NOW leaves it")


class _Masked(Generic[R]):
    """A watch whose items have no name and other dates."""

    def __init__(self, watch: Watch[R], mask: Mask) -> None:
        self._watch = watch
        self._mask = mask

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        return self._items(await self._watch.__aenter__())

    async def __aexit__(self, *exc: object) -> None:
        await self._watch.__aexit__(*exc)

    async def _items(self, items: AsyncIterator[Item[R]]) -> AsyncIterator[Item[R]]:
        async for item in items:
            shown = _nameless(self._mask.shown(item.value))
            yield Item("blind", item.seq, item.snapshot, shown)


class _Always(Generic[R]):
    """One snapshot, and nothing after it."""

    def __init__(self, value: R) -> None:
        self._value = value

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        return self._items()

    async def __aexit__(self, *exc: object) -> None:
        """Nothing is subscribed."""

    async def _items(self) -> AsyncIterator[Item[R]]:
        yield Item("blind", 1, True, self._value)
        await asyncio.get_running_loop().create_future()


def _the_list() -> Watchlist:
    return Watchlist("blind", (BLIND,))


def _nameless(value: Any) -> Any:
    """Quotes without the names, sources and notes by which one is known."""
    if isinstance(value, tuple):
        return tuple(map(_nameless, value))
    if isinstance(value, Quote):
        return replace(value, name="", source="", note="")
    if isinstance(value, msgspec.Struct) and hasattr(value, "source"):
        return replace(value, source="")
    return value
