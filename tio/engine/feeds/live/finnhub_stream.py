"""Finnhub's socket: trades of fifty symbols, one connection a key; silent while none trades."""

import logging
from collections.abc import Callable, Sequence

import msgspec

from tio.engine.feeds import finnhub
from tio.engine.feeds.finnhub import spelled
from tio.engine.feeds.finnhub_refusals import NAME, VENUE
from tio.engine.feeds.live.following import Following, text_of, told_to
from tio.engine.feeds.live.gate import Gate
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import together
from tio.engine.feeds.socket import Manners, Stream
from tio.engine.feeds.socket.wire import dialer
from tio.plugin import Outlet, Wanted

log = logging.getLogger(__name__)

STREAM = "wss://ws.finnhub.io"
MOST = 50
"""Symbols a free key may stream."""
APART = 5.0
"""Seconds between two openings: it refuses those who come back at once."""
MANNERS = Manners(
    chunk=10,
    pause=0.1,
    most_symbols=MOST,
    # It says nothing while nothing trades: only the pings tell that it is there.
    quiet=86_400.0,
    heartbeat=20.0,
    answers=15.0,
    overlap=False,
)


class FinnhubStream:
    """One run of the socket; `lost` is told of symbols whose trades nobody heard for a while."""

    def __init__(
        self, reach: Reach, wanted: Wanted, out: Outlet, lost: Callable[[Sequence[str]], None]
    ) -> None:
        self._out, self._lost = out, lost
        self._following = Following(wanted, streamed)
        key = reach.secret("key")
        self._url = reach.socket(STREAM)
        own = bool(reach.settings.ws_url)
        dial, self._wire = dialer(reach.web, self._url, MANNERS, own)
        words = f"{VENUE} refuses the key"
        self._gate = Gate(dial, reach.clock, words, apart=APART)
        self._hidden = key
        self._stream = Stream(
            reach.web,
            NAME,
            f"{self._url}?token={key}",
            self._hear,
            subscribe=lambda names: _asking("subscribe", names),
            unsubscribe=lambda names: _asking("unsubscribe", names),
            manners=MANNERS,
            on_gap=self._gap,
            on_state=told_to(out),
            credential=key,
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
        if self._hidden:
            text = text.replace(self._hidden, "***")
        self._out.frame(self._url, text)
        ticks = finnhub.parse(text)
        if ticks:
            self._out.emit(ticks, at)
        elif error := finnhub.read_error(text):
            log.warning("finnhub: %s", error)

    async def _gap(self, since: int, names: Sequence[str]) -> None:
        """Its past trades are not for free keys: the figures are asked for anew instead."""
        self._lost(names)


def streamed(symbols: Sequence[str]) -> list[str]:
    """The spellings that are streamed of the symbols wanted; the others are polled."""
    names = (spelled(symbol) for symbol in symbols)
    return [name for name in names if name is not None][:MOST]


class _Message(msgspec.Struct):
    type: str
    symbol: str


def _asking(action: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(msgspec.json.encode(_Message(action, name)).decode() for name in names)
