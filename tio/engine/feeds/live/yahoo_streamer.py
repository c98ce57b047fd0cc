"""Yahoo's streamer: prices pushed, as long as the list of what is wanted is said again."""

from collections.abc import Mapping, Sequence

import msgspec

from tio.api.sources import SourceState
from tio.engine.feeds.live.following import text_of
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import together
from tio.engine.feeds.live.yahoo_telling import Telling, names_of
from tio.engine.feeds.socket import Heard, Manners, Phase, Socket, Stream, StreamState
from tio.engine.feeds.socket.wire import Dial, dialer
from tio.engine.feeds.yahoo_stream import read_pricing
from tio.plugin import Outlet, Wanted

STREAM = "wss://streamer.finance.yahoo.com/?version=2"
CANARY = "BTC-USD"
"""Trades around the clock: with it in the list, silence is the connection's fault."""
AGAIN = 15.0
"""Seconds after which the whole list is said again; else Yahoo forgets it."""
MANNERS = Manners(
    chunk=200, pause=0.1, most_symbols=1_000, quiet=60.0, heartbeat=AGAIN, answers=AGAIN
)
_HEADERS = {"Origin": "https://finance.yahoo.com", "User-Agent": "Mozilla/5.0"}


class Streamer:
    """Tells each message's price; `lives` while the connection does."""

    def __init__(self, reach: Reach, telling: Telling, out: Outlet) -> None:
        self._telling = telling
        self._out = out
        self._names: Mapping[str, str] = {}
        self._phase = Phase.idle
        self.trouble = ""
        """Why nothing is pushed; prices are polled all the same, so it is no failure."""
        self._url = reach.socket(STREAM)
        own = bool(reach.settings.ws_url)
        dial, self._wire = dialer(reach.web, self._url, MANNERS, own)
        self._stream = Stream(
            reach.web,
            "yahoo",
            self._url,
            self._hear,
            subscribe=subscribing,
            unsubscribe=unsubscribing,
            manners=MANNERS,
            headers=_HEADERS,
            own=own,
            dial=reminding(dial),
            on_state=self._stand,
        )

    def lives(self) -> bool:
        """Whether prices are pushed at present."""
        return self._phase is Phase.live

    async def run(self, wanted: Wanted) -> None:
        """Follow what is wanted until cancelled."""
        try:
            await together(self._follow(wanted), self._stream.run())
        finally:
            await self._wire.close()

    async def _follow(self, wanted: Wanted) -> None:
        while True:
            self._names = names_of(wanted.symbols)
            self._stream.want({*self._names, CANARY} if self._names else ())
            await wanted.changed()

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        pricing = read_pricing(text)
        if pricing is not None:
            self._telling.streamed(pricing, self._names)

    def _stand(self, state: StreamState) -> None:
        self._phase = state.phase
        match state.phase:
            case Phase.waiting:
                self.trouble = f"polled only, no stream: {state.reason}"
            case Phase.live:
                self.trouble = ""
            case Phase.idle:
                self.trouble = ""
                self._out.standing(SourceState.idle, "nobody watches what it serves")


def subscribing(names: Sequence[str]) -> Sequence[str]:
    """What makes Yahoo tell of these."""
    return (_written(Said(subscribe=tuple(names))),)


def unsubscribing(names: Sequence[str]) -> Sequence[str]:
    """What makes it stop."""
    return (_written(Said(unsubscribe=tuple(names))),)


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message of ours."""

    subscribe: tuple[str, ...] = ()
    unsubscribe: tuple[str, ...] = ()


class Reminding:
    """A socket whose every ping says the whole list again, as Yahoo wants to keep telling it."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._list: dict[str, None] = {}

    async def send(self, text: str) -> None:
        said = msgspec.json.decode(text, type=Said)
        self._list |= dict.fromkeys(said.subscribe)
        for name in said.unsubscribe:
            self._list.pop(name, None)
        await self._socket.send(text)

    async def ping(self) -> None:
        if self._list:
            await self._socket.send(_written(Said(subscribe=tuple(self._list))))
        await self._socket.ping()

    async def receive(self) -> Heard:
        return await self._socket.receive()

    async def pong(self, payload: bytes) -> None:
        await self._socket.pong(payload)

    async def close(self) -> None:
        await self._socket.close()


def reminding(dial: Dial) -> Dial:
    """A way to open sockets that say their list again."""

    async def open_reminding(url: str, headers: Mapping[str, str]) -> Socket:
        return Reminding(await dial(url, headers))

    return open_reminding


def _written(said: Said) -> str:
    return msgspec.json.encode(said).decode()
