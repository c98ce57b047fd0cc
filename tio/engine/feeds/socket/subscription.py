"""Which symbols are wanted on which connection, and what is still to be said to the venue."""

import asyncio
from collections.abc import Iterable


class Wants:
    """The set wanted now of one connection; `changed` wakes whoever keeps it."""

    def __init__(self) -> None:
        self.symbols: frozenset[str] = frozenset()
        self._changed: set[asyncio.Event] = set()

    def set(self, symbols: Iterable[str]) -> None:
        wanted = frozenset(symbols)
        if wanted != self.symbols:
            self.symbols = wanted
            for event in self._changed:
                event.set()

    def event(self) -> asyncio.Event:
        """An event that is set whenever the set changes; `forget` it."""
        event = asyncio.Event()
        self._changed.add(event)
        return event

    def forget(self, event: asyncio.Event) -> None:
        self._changed.discard(event)


def next_chunk(
    said: frozenset[str], wanted: frozenset[str], chunk: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The next symbols to unsubscribe, or else to subscribe, at most `chunk`."""
    gone = tuple(sorted(said - wanted)[:chunk])
    return (gone, ()) if gone else ((), tuple(sorted(wanted - said)[:chunk]))


def spread(wanted: frozenset[str], held: list[frozenset[str]], most: int) -> list[frozenset[str]]:
    """The wanted symbols over connections of at most `most`; each stays where it was.

    Gives one set for each that was, maybe empty, and those that are new.
    """
    kept = [symbols & wanted for symbols in held]
    new = sorted(wanted.difference(*kept))
    for at, symbols in enumerate(kept):
        room = most - len(symbols)
        if symbols and room > 0:
            kept[at], new = symbols | frozenset(new[:room]), new[room:]
    for at, symbols in enumerate(kept):
        if not symbols and new:
            kept[at], new = frozenset(new[:most]), new[most:]
    return [*kept, *(frozenset(new[at : at + most]) for at in range(0, len(new), most))]
