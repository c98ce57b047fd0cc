"""Alpaca's socket: trades and best prices of IEX for thirty symbols, one connection a key."""

import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.feeds import alpaca
from tio.engine.feeds.alpaca_answers import spelled
from tio.engine.feeds.alpaca_refusals import NAME, VENUE, stream_error
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http.transport import Unreachable
from tio.engine.feeds.live.following import Following, text_of, told_to
from tio.engine.feeds.live.gate import Gate
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import together
from tio.engine.feeds.socket import Kind, Manners, Socket, Stream
from tio.engine.feeds.socket.wire import dialer
from tio.plugin import Outlet, Wanted

log = logging.getLogger(__name__)

STREAM = "wss://stream.data.alpaca.markets/v2/iex"
MOST = 30
"""Symbols a free key may stream."""
MANNERS = Manners(
    chunk=MOST,
    pause=0.1,
    most_symbols=MOST,
    # It says nothing while nothing trades: only the pings tell that it is there.
    quiet=86_400.0,
    heartbeat=10.0,
    answers=20.0,
    overlap=False,
)


class AlpacaStream:
    """One run of the socket; `missed` tells what traded of some spellings since an instant (µs)."""

    def __init__(
        self,
        reach: Reach,
        wanted: Wanted,
        out: Outlet,
        missed: Callable[[Sequence[str], int], Awaitable[Sequence[Tick]]],
    ) -> None:
        self._out, self._missed = out, missed
        self._following = Following(wanted, streamed)
        self._url = reach.socket(STREAM)
        own = bool(reach.settings.ws_url)
        dial, self._wire = dialer(reach.web, self._url, MANNERS, own)
        self._gate = Gate(
            dial,
            reach.clock,
            f"{VENUE} refuses the key",
            apart=2.0,
            log_in=Login(reach.secret("key"), reach.secret("secret")),
        )
        self._stream = Stream(
            reach.web,
            NAME,
            self._url,
            self._hear,
            subscribe=lambda names: (_asking("subscribe", names),),
            unsubscribe=lambda names: (_asking("unsubscribe", names),),
            manners=MANNERS,
            on_gap=self._repair,
            on_state=told_to(out),
            own=own,
            dial=self._gate,
        )

    async def run(self) -> None:
        """Until cancelled; BadKey when the key is refused."""
        try:
            await together(self._following.run(self._stream), self._gate.until_refused())
        finally:
            await self._wire.close()

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        ticks = alpaca.parse(text)
        if ticks:
            self._out.emit(ticks, at)
            return
        for word in alpaca.read_words(text):
            if word.kind == "error":
                error = stream_error(word.code, word.message)
                log.warning("alpaca: %s", error.message)
                self._out.standing(SourceState.failed, error.message)

    async def _repair(self, since: int, names: Sequence[str]) -> None:
        """What traded while nobody listened."""
        ticks = await self._missed(names, since)
        if ticks:
            self._out.emit(ticks)


class Login:
    """Waits to be greeted, says key and secret, and waits until they are taken."""

    def __init__(self, key: str, secret: str) -> None:
        self._said = msgspec.json.encode({"action": "auth", "key": key, "secret": secret}).decode()

    async def __call__(self, socket: Socket) -> None:
        await _expect(socket, "connected")
        await socket.send(self._said)
        await _expect(socket, "authenticated")


def streamed(symbols: Sequence[str]) -> list[str]:
    """The spellings that are streamed of the symbols wanted; the others are polled."""
    names = (spelled(symbol) for symbol in symbols)
    return [name for name in names if name is not None][:MOST]


async def _expect(socket: Socket, message: str) -> None:
    while True:
        heard = await socket.receive()
        match heard.kind:
            case Kind.ping:
                said = heard.said
                await socket.pong(said.encode() if isinstance(said, str) else said)
            case Kind.closed | Kind.oversize:
                raise Unreachable(f"it closed before it said {message!r}")
            case Kind.frame:
                try:
                    words = alpaca.read_words(heard.said)
                except Garbage as garbage:
                    raise Unreachable(garbage.sentence) from None
                for word in words:
                    if word.kind == "error":
                        raise stream_error(word.code, word.message)
                    if word.message == message:
                        return


def _asking(action: str, names: Sequence[str]) -> str:
    said = {"action": action, "trades": list(names), "quotes": list(names)}
    return msgspec.json.encode(said).decode()
