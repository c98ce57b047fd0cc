import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import cast

from tio.api.market import AssetClass, Instrument
from tio.api.sources import SourceState
from tio.engine.feeds.live.following import (
    MOST_BOOKS,
    Following,
    by_channel,
    item_of,
    listed_items,
    text_of,
    told_to,
)
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.feeds.socket import Phase, Stream, StreamState
from tio.engine.market.demand import Demand

from fakes import FakeOutlet, settle


class FakeStream:
    """Remembers what it was to want."""

    name = "venue"

    def __init__(self) -> None:
        self.wanted: list[frozenset[str]] = []
        self.fails: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def want(self, items: Iterable[str]) -> None:
        self.wanted.append(frozenset(items))

    async def run(self) -> None:
        await self.fails


def items(symbols: Sequence[str]) -> Iterator[str]:
    for symbol in symbols:
        yield item_of("book", symbol)
        yield item_of("trade", symbol)


@asynccontextmanager
async def following(demand: Demand):  # type: ignore[no-untyped-def]
    stream = FakeStream()
    follows = Following(demand.follow(), items)
    running = asyncio.create_task(follows.run(cast(Stream, stream)))
    await settle()
    try:
        yield follows, stream, running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_stream_is_to_tell_what_is_wanted_as_that_changes() -> None:
    demand = Demand()
    demand.add(["A"])
    async with following(demand) as (_, stream, _):
        assert stream.wanted[-1] == {"book A", "trade A"}
        demand.add(["B"])
        await settle()
        assert stream.wanted[-1] == {"book A", "trade A", "book B", "trade B"}
        demand.drop(["A"])
        await settle()
        assert stream.wanted[-1] == {"book B", "trade B"}


async def test_what_is_renewed_is_left_out_until_the_venue_has_ended_it() -> None:
    demand = Demand()
    demand.add(["A"])
    async with following(demand) as (follows, stream, _):
        follows.renew("book A")
        assert stream.wanted[-1] == {"trade A"}
        follows.ended("trade A")
        assert stream.wanted[-1] == {"trade A"}
        follows.ended("book A")
        assert stream.wanted[-1] == {"book A", "trade A"}
        follows.renew("book A")
        follows.forget()
        assert stream.wanted[-1] == {"book A", "trade A"}, "a new connection begins anew"


async def test_what_is_refused_stays_out_while_it_is_wanted() -> None:
    demand = Demand()
    demand.add(["A"])
    async with following(demand) as (follows, stream, _):
        follows.refuse("book A")
        demand.add(["B"])
        await settle()
        assert stream.wanted[-1] == {"trade A", "book B", "trade B"}
        demand.drop(["A"])
        await settle()
        demand.add(["A"])
        await settle()
        assert "book A" in stream.wanted[-1], "whoever comes back to it may ask again"


async def test_a_stream_that_ends_ends_it() -> None:
    async with following(Demand()) as (_, stream, running):
        stream.fails.set_exception(RuntimeError("a fault of ours"))
        await settle()
        assert isinstance(running.exception(), RuntimeError)


def test_items_are_grouped_by_channel() -> None:
    assert by_channel(["book A", "trade A", "book B/C"]) == {"book": ["A", "B/C"], "trade": ["A"]}


def test_a_streams_phases_are_told_in_words() -> None:
    out = FakeOutlet()
    tell: Callable[[StreamState], None] = told_to(out)

    def state(phase: Phase, reason: str = "", until: datetime | None = None) -> StreamState:
        return StreamState(name="venue", url="", phase=phase, reason=reason, until=until)

    tell(state(Phase.connecting))
    tell(state(Phase.live))
    tell(state(Phase.waiting, "closed", datetime(2026, 11, 20, 15, 0, 7, tzinfo=UTC)))
    tell(state(Phase.repairing))
    tell(state(Phase.idle))
    assert out.standings == [
        (SourceState.connecting, ""),
        (SourceState.live, ""),
        (SourceState.failed, "closed, next try at 15:00:07"),
        (SourceState.idle, "nobody watches what it serves"),
    ]


async def test_a_lost_connection_is_told_and_what_was_being_renewed_is_wanted_again() -> None:
    demand, out = Demand(), FakeOutlet()
    demand.add(["A"])
    async with following(demand) as (follows, stream, _):
        tell = follows.telling(out)
        follows.renew("book A")
        tell(StreamState(name="venue", url="", phase=Phase.live))
        assert stream.wanted[-1] == {"trade A"}
        tell(StreamState(name="venue", url="", phase=Phase.connecting))
        assert stream.wanted[-1] == {"book A", "trade A"}
    assert out.standings == [(SourceState.live, ""), (SourceState.connecting, "")]


async def test_those_whose_book_is_watched_come_first() -> None:
    demand = Demand()
    demand.add(["A", "B", "C"])
    told = list[list[str]]()

    def remembered(symbols: Sequence[str]) -> list[str]:
        told.append(list(symbols))
        return list(symbols)

    shares = Shares(demand.follow())
    follows = Following(shares.share(), remembered)
    running = asyncio.create_task(
        together(shares.follow(), follows.run(cast(Stream, FakeStream())))
    )
    await settle()
    demand.look("C")
    await settle()
    demand.look_away("C")
    await settle()
    assert told == [["A", "B", "C"], ["C", "A", "B"], ["A", "B", "C"]]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_every_listed_symbol_has_its_channels_and_the_first_ones_their_books() -> None:
    symbols = [f"C{number:03}-USD" for number in range(MOST_BOOKS + 1)]
    names, refused = Names("venue"), list[str]()
    names.learn([_listed(symbol) for symbol in symbols])
    told = list(listed_items(names, [*symbols, "NO-USD"], ("trade",), "book", refused.append))
    assert told[:2] == ["trade c000-usd", "book c000-usd"]
    assert told[-1] == "trade c050-usd"
    assert sum(each.startswith("book") for each in told) == MOST_BOOKS
    assert refused == ["NO-USD"]


def test_a_frame_is_text_whatever_its_bytes() -> None:
    assert text_of("a") == text_of(b"a") == "a"
    assert text_of(b"\xff") == "\ufffd"


def _listed(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        asset_class=AssetClass.crypto,
        source="venue",
        spellings={"venue": symbol.lower()},
    )
