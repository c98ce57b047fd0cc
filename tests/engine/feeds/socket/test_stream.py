"""A stream over real sockets: subscriptions, reconnects, repairs, silence, planned ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from faulty_server import FaultyServer, faulty_server

from tio.engine.feeds.http import Web
from tio.engine.feeds.socket import Manners, Phase, Stream

from fakes import FakeClock

QUICK = Manners(chunk=2, pause=0.1, most_symbols=3, quiet=30, heartbeat=0)


class Listener:
    """Keeps what a stream told, and what it asked to be repaired."""

    def __init__(self) -> None:
        self.frames: list[str | bytes] = []
        self.gaps: list[tuple[int, Sequence[str]]] = []
        self.may_repair = asyncio.Event()
        self.may_repair.set()

    def on_frame(self, frame: str | bytes, at: int) -> None:
        if frame == "garbage":
            raise ValueError("not a frame")
        self.frames.append(frame)

    async def on_gap(self, since: int, symbols: Sequence[str]) -> None:
        self.gaps.append((since, symbols))
        await self.may_repair.wait()


@asynccontextmanager
async def streaming(
    clock: FakeClock,
    server: FaultyServer,
    listener: Listener,
    manners: Manners = QUICK,
    symbols: str = "abc",
) -> AsyncIterator[Stream]:
    web = Web(clock, jitter=lambda: 0.5)
    stream = Stream(
        web,
        "venue",
        server.ws_url,
        listener.on_frame,
        subscribe=lambda symbols: ["+" + "".join(symbols)],
        unsubscribe=lambda symbols: ["-" + "".join(symbols)],
        manners=manners,
        ends=lambda frame: frame == "serverShutdown",
        on_gap=listener.on_gap,
    )
    stream.want(symbols)
    running = asyncio.create_task(stream.run())
    try:
        yield stream
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await web.close()


async def test_it_says_what_is_wanted_in_chunks_with_pauses_and_follows_changes() -> None:
    clock, listener = FakeClock(), Listener()
    async with faulty_server() as server, streaming(clock, server, listener) as stream:
        await server.until(lambda: len(server.heard) == 1)
        await clock.advance(0.05)
        assert server.heard == ["+ab"]
        await clock.advance(0.1)
        await server.until(lambda: len(server.heard) == 2)
        await clock.advance(0.1)
        stream.want("ad")
        await server.until(lambda: len(server.heard) == 3)
        await clock.advance(0.1)
        await server.until(lambda: len(server.heard) == 4)
        assert server.heard == ["+ab", "+c", "-bc", "+d"]
        await server.say("one", b"two", "garbage", "three")
        await server.until(lambda: len(listener.frames) == 3)
        assert listener.frames == ["one", b"two", "three"]
        assert stream.state().garbage == 1
        stream.want("")
        await server.until(lambda: not server.sockets)
        assert stream.state().phase is Phase.idle


async def test_more_symbols_than_a_connection_takes_open_another_a_second_later() -> None:
    clock, listener = FakeClock(), Listener()
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, symbols="abcd") as stream,
    ):
        await server.until(lambda: len(server.heard) == 1)
        await clock.advance(0.9)
        assert server.connected == 1
        await clock.advance(0.2)
        await server.until(lambda: server.connected == 2 and "+d" in server.heard)
        await server.until(lambda: stream.state().connections == 2)


async def test_after_a_loss_it_resubscribes_and_repairs_before_live_frames_go_on() -> None:
    clock, listener = FakeClock(), Listener()
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, symbols="a") as stream,
    ):
        await server.until(lambda: server.heard == ["+a"])
        await server.say("one")
        await server.until(lambda: listener.frames == ["one"])
        listener.may_repair.clear()
        await server.close_sockets()
        await server.until(lambda: stream.state().phase is Phase.waiting)
        assert "closed the connection (1001)" in stream.state().reason
        await clock.advance(1.1)
        await server.until(lambda: server.heard == ["+a", "+a"])
        await server.until(lambda: len(listener.gaps) == 1)
        await server.say("two")
        await server.until(lambda: stream.state().frames == 2)
        assert listener.frames == ["one"]
        assert listener.gaps[0][1] == ["a"]
        assert stream.state().phase is Phase.repairing
        listener.may_repair.set()
        await server.until(lambda: listener.frames == ["one", "two"])
        await server.until(lambda: stream.state().phase is Phase.live)


async def test_a_half_open_connection_is_noticed_by_its_silence() -> None:
    clock, listener = FakeClock(), Listener()
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, symbols="a") as stream,
    ):
        await server.until(lambda: server.heard == ["+a"])
        server.deaf = True
        await clock.advance(30.1)
        await server.until(lambda: stream.state().phase is Phase.waiting)
        assert stream.state().reason == "no message for 30 s"
        await clock.advance(1)
        await server.until(lambda: server.connected == 2)


async def test_an_unanswered_ping_is_noticed_and_an_answered_one_measured() -> None:
    clock, listener = FakeClock(), Listener()
    manners = Manners(quiet=3_600, heartbeat=10, answers=5, pause=0)
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, manners, "a") as stream,
    ):
        await server.until(lambda: server.heard == ["+a"])
        await clock.advance(10)
        await server.until(lambda: stream.state().ping is not None)
        server.deaf = True
        await clock.advance(5)
        await clock.advance(10)
        await clock.advance(5.1)
        await server.until(lambda: "no answer to a ping" in stream.state().reason)


async def test_the_new_connection_is_subscribed_before_the_old_one_ends_as_planned() -> None:
    clock, listener = FakeClock(), Listener()
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, symbols="a") as stream,
    ):
        await server.until(lambda: server.heard == ["+a"])
        for _ in range(4):
            await clock.advance(20)
            await server.say("tick")
            await server.until(lambda: stream.state().frames > 0)
        await server.say("serverShutdown")
        await server.until(lambda: server.heard == ["+a", "+a"])
        assert len(server.sockets) == 2
        await clock.advance(0.2)
        await server.say("from both")
        await server.until(lambda: len(server.sockets) == 1)
        assert listener.gaps == []
        assert stream.state().phase is Phase.live


async def test_a_storm_of_refusals_is_borne_with_growing_rests() -> None:
    clock, listener = FakeClock(), Listener()
    async with (
        faulty_server() as server,
        streaming(clock, server, listener, symbols="a") as stream,
    ):
        server.refuse_sockets = 503
        rests: list[float] = []
        for number in range(1, 41):
            await server.until(lambda: stream.state().phase is Phase.waiting)
            until = stream.state().until
            assert until is not None
            rests.append((until - clock.now()).total_seconds())
            await clock.advance(rests[-1] + 1.01)
            await server.until(lambda number=number: server.connected > number)  # type: ignore[misc]
        # The refusal may come while the clock still moves, at most a second later.
        assert rests[:7] == pytest.approx([0.5, 1, 2, 4, 8, 16, 30], abs=1.02)
        assert max(rests) <= 60
        assert "no WebSocket there (503)" in stream.state().reason
        server.refuse_sockets = 0
        await server.until(lambda: stream.state().phase is Phase.waiting)
        await clock.advance(30.1)
        await server.until(lambda: stream.state().phase is Phase.live)
