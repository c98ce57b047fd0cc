"""A watch that goes on, over engines that leave."""

import asyncio
from typing import Any

import pytest

from tio.api.contract import After, Engine, Topic
from tio.api.errors import NotAllowed
from tio.api.market import Quote, Quotes, Trades
from tio.continued import ContinuedWatch
from tio.wire.gone import EngineGone

from fakes import FakeEngine, FakeWatch, settle

OLD, NEW = Quote(symbol="A", last=1.0), Quote(symbol="A", last=2.0)


class Here(FakeEngine):
    """An engine that remembers from where it was watched; it may refuse whoever enters."""

    def __init__(self, value: Any, refusal: Exception | None = None) -> None:
        super().__init__(topics={Quotes: value, Trades: value})
        self.afters: list[After | None] = []
        self._refusal = refusal

    def watch(self, topic: Topic[Any], /, *, after: After | None = None) -> FakeWatch:
        self.afters.append(after)
        return FakeWatch(self, topic)

    def entered(self, watch: FakeWatch) -> None:
        if self._refusal is not None:
            raise self._refusal
        super().entered(watch)


class Moves:
    """Gives the first of its engines until that is missing."""

    def __init__(self, *engines: Engine) -> None:
        self.engines = list(engines)
        self.missed: list[Engine] = []
        self.open: set[ContinuedWatch[Any]] = set()
        self.arrived = asyncio.Event()

    async def present(self) -> Engine:
        while not self.engines:
            self.arrived.clear()
            await self.arrived.wait()
        return self.engines[0]

    def missing(self, engine: Engine, /) -> None:
        self.missed.append(engine)
        if engine in self.engines:
            self.engines.remove(engine)

    def watch(self, topic: Topic[Any], after: After | None = None) -> ContinuedWatch[Any]:
        return ContinuedWatch(self, topic, after, self.open)


async def test_items_of_the_present_engine_are_passed_on() -> None:
    engine = Here((OLD,))
    moves = Moves(engine)
    async with moves.watch(Quotes(("A",))) as items:
        assert (await anext(items)).value == (OLD,)
        engine.push(Quotes, (NEW,))
        assert (await anext(items)).value == (NEW,)
        assert len(moves.open) == 1
    assert not engine.watching
    assert not moves.open


async def test_after_its_engine_is_gone_it_begins_with_a_snapshot_of_the_next() -> None:
    first, second = Here((OLD,)), Here((NEW,))
    moves = Moves(first, second)
    async with moves.watch(Quotes()) as items:
        await anext(items)
        first.push(Quotes, EngineGone("it left"))
        item = await anext(items)
        assert (item.snapshot, item.value) == (True, (NEW,))
        assert moves.missed == [first]
        assert not first.watching
        assert len(second.watching) == 1


async def test_an_engine_that_is_gone_on_entering_is_missed_and_the_next_entered() -> None:
    gone, second = Here((OLD,), EngineGone("it left")), Here((NEW,))
    moves = Moves(gone, second)
    async with moves.watch(Quotes()) as items:
        assert (await anext(items)).value == (NEW,)
    assert moves.missed == [gone]


async def test_a_move_while_it_waits_takes_it_to_the_next_engine() -> None:
    first, second = Here((OLD,)), Here((NEW,))
    moves = Moves(first)
    async with moves.watch(Quotes()) as items:
        await anext(items)
        following = asyncio.ensure_future(anext(items))
        await settle()
        moves.engines = [second]
        for watch in moves.open:
            watch.move()
        assert (await following).value == (NEW,)
        assert not first.watching


async def test_a_move_between_two_items_is_noticed_at_the_next() -> None:
    first, second = Here((OLD,)), Here((NEW,))
    moves = Moves(first)
    async with moves.watch(Quotes()) as items:
        await anext(items)
        moves.engines = [second]
        for watch in moves.open:
            watch.move()
        assert (await anext(items)).value == (NEW,)


async def test_it_waits_for_as_long_as_no_engine_is_present() -> None:
    first, second = Here((OLD,)), Here((NEW,))
    moves = Moves(first)
    async with moves.watch(Quotes()) as items:
        await anext(items)
        first.push(Quotes, EngineGone("it left"))
        following = asyncio.ensure_future(anext(items))
        await settle()
        assert not following.done()
        moves.engines.append(second)
        moves.arrived.set()
        assert (await following).value == (NEW,)


@pytest.mark.parametrize(("topic", "resumes"), [(Trades("A"), True), (Quotes(), False)])
async def test_an_ordered_topic_resumes_where_it_was_and_a_latest_one_does_not(
    topic: Topic[Any], resumes: bool
) -> None:
    first, second = Here(()), Here(())
    moves = Moves(first, second)
    async with moves.watch(topic) as items:
        await anext(items)
        first.push(type(topic), (1,))
        last = await anext(items)
        first.push(type(topic), EngineGone("it left"))
        await anext(items)
    assert first.afters == [None]
    assert second.afters == [After(last.epoch, last.seq) if resumes else None]


async def test_any_other_error_is_the_watchers_own() -> None:
    engine = Here((OLD,))
    moves = Moves(engine, Here((NEW,)))
    async with moves.watch(Quotes()) as items:
        await anext(items)
        engine.push(Quotes, NotAllowed("not yours"))
        with pytest.raises(NotAllowed):
            await anext(items)
    assert not moves.missed
    assert not engine.watching


async def test_a_watcher_that_is_cancelled_ends_and_moves_nowhere() -> None:
    engine = Here((OLD,))
    moves = Moves(engine, Here((NEW,)))

    async def watch() -> None:
        async with moves.watch(Quotes()) as items:
            async for _ in items:
                continue

    watching = asyncio.create_task(watch())
    await settle()
    watching.cancel()
    await asyncio.wait([watching])
    assert watching.cancelled()
    assert not engine.watching
    assert not moves.open
    assert not moves.missed
