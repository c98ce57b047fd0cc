import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import cast

from tio.api.market import SourceState
from tio.engine.feeds.live.following import Following, by_channel, item_of, told_to
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
