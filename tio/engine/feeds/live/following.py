"""How a streaming source follows what is wanted: one item a channel and symbol, and its standing.

An item is `channel spelling`, as `book BTC/USD`: so a venue may be asked for one channel anew.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tio.api.sources import SourceState
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.sharing import closely
from tio.engine.feeds.socket import Phase, Stream, StreamState
from tio.plugin import Outlet, Wanted

MOST_BOOKS = 50
"""Symbols whose whole book is followed: those somebody watches, then the first in the alphabet."""

LONGEST = 3_600_000_000
"""µs of the longest outage that is filled with trades; what is longer, history tells as bars."""


def item_of(channel: str, spelling: str) -> str:
    return f"{channel} {spelling}"


def by_channel(items: Iterable[str]) -> Mapping[str, list[str]]:
    """The spellings of each channel, in the order the items came."""
    found: dict[str, list[str]] = {}
    for item in items:
        channel, _, spelling = item.partition(" ")
        found.setdefault(channel, []).append(spelling)
    return found


def listed_items(
    names: Names,
    symbols: Sequence[str],
    channels: Sequence[str],
    book: str,
    refused: Callable[[str], None],
) -> Iterator[str]:
    """Each channel of each symbol, the book of the first of them; `refused` hears of the others."""
    for place, symbol in enumerate(symbols):
        spelling = names.spelled(symbol)
        if spelling is None:
            refused(symbol)
            continue
        for channel in channels:
            yield item_of(channel, spelling)
        if place < MOST_BOOKS:
            yield item_of(book, spelling)


def text_of(frame: str | bytes) -> str:
    """A frame as text; what is not UTF-8 is replaced."""
    return frame if isinstance(frame, str) else frame.decode(errors="replace")


class Following:
    """Keeps a stream's items to those wanted; one can be renewed, or refused.

    `items` gives those of the symbols wanted, which come to it with those first whose book is
    watched. What is renewed is unsubscribed and, once the venue
    has confirmed that (`ended`), subscribed again, which brings a fresh snapshot.
    """

    def __init__(self, wanted: Wanted, items: Callable[[Sequence[str]], Iterable[str]]) -> None:
        self._wanted = wanted
        self._items = items
        self._renewing: set[str] = set()
        self._refused: set[str] = set()
        self._stream: Stream | None = None

    async def run(self, stream: Stream) -> None:
        """Run the stream, subscribed to what is wanted, until cancelled."""
        self._stream = stream
        running = asyncio.create_task(stream.run(), name=f"stream of {stream.name}")
        try:
            while True:
                self._refresh()
                changed = asyncio.ensure_future(self._wanted.changed())
                try:
                    await asyncio.wait((running, changed), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                    await asyncio.gather(changed, return_exceptions=True)
                if running.done():
                    running.result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def renew(self, item: str) -> None:
        """Ask for this one anew."""
        self._renewing.add(item)
        self._refresh()

    def ended(self, item: str) -> None:
        """The venue has confirmed that it does not tell this one any more."""
        if item in self._renewing:
            self._renewing.discard(item)
            self._refresh()

    def refuse(self, item: str) -> None:
        """The venue will not tell this one: it is not asked for again while it stays wanted."""
        self._refused.add(item)
        self._refresh()

    def forget(self) -> None:
        """The connection was lost, and with it what was being renewed: all is asked for anew."""
        if self._renewing:
            self._renewing.clear()
            self._refresh()

    def telling(self, out: Outlet) -> Callable[[StreamState], None]:
        """Tells an outlet how the stream stands, and forgets when the connection is lost."""
        tell = told_to(out)

        def stand(state: StreamState) -> None:
            if state.phase is not Phase.live:
                self.forget()
            tell(state)

        return stand

    def _refresh(self) -> None:
        if self._stream is not None:
            close = closely(self._wanted)
            symbols = sorted(self._wanted.symbols, key=lambda each: (each not in close, each))
            items = frozenset(self._items(symbols))
            self._refused &= items  # whoever comes back to it may ask again
            self._stream.want(items - self._renewing - self._refused)


def told_to(out: Outlet) -> Callable[[StreamState], None]:
    """Tells an outlet how a stream stands."""

    def tell(state: StreamState) -> None:
        match state.phase:
            case Phase.waiting:
                when = f", next try at {state.until:%H:%M:%S}" if state.until else ""
                out.standing(SourceState.failed, f"{state.reason}{when}")
            case Phase.connecting:
                out.standing(SourceState.connecting, state.reason)
            case Phase.live:
                out.standing(SourceState.live)
            case Phase.idle:
                out.standing(SourceState.idle, "nobody watches what it serves")

    return tell
