"""Indicators over bars that have closed, computed once: what was reckoned is kept for the next."""

import asyncio
from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from tio.engine.indicators.declare import Floats, Instants, Outputs, Spec
from tio.engine.indicators.live import Following
from tio.engine.store.columns import Columns

ROOM = 64_000_000
"""Bytes of outputs kept at most."""
_SOON = 2_000
"""Bars computed at once; more are computed in a thread, so that nothing else waits."""


class Beside(NamedTuple):
    """What some indicators read beside the bars, as long as they are."""

    session: Instants
    against: Floats | None = None

    def upto(self, end: int) -> "Beside":
        return Beside(self.session[:end], None if self.against is None else self.against[:end])


class Closed(NamedTuple):
    """Outputs of bars that have closed, and a handle that has seen them."""

    following: Following
    outputs: Outputs


class Kept:
    """The outputs last computed, by indicator and by what exactly the closed bars were."""

    def __init__(self, room: int = ROOM) -> None:
        self.computed = 0
        """How often something had to be computed."""
        self._room = room
        self._held = 0
        self._closed: OrderedDict[tuple[str, str, bytes], Closed] = OrderedDict()

    async def closed(self, spec: Spec, bars: Columns, beside: Beside) -> Closed:
        """The indicator over bars of which every one has closed."""
        key = (spec.name, repr(sorted(spec.params.items())), _digest(bars, beside))
        found = self._closed.get(key)
        if found is None:
            self.computed += 1
            if len(bars) > _SOON:
                found = await asyncio.to_thread(_compute, spec, bars, beside)
            else:
                found = _compute(spec, bars, beside)
            self._keep(key, found)
        self._closed.move_to_end(key)
        return found

    def _keep(self, key: tuple[str, str, bytes], closed: Closed) -> None:
        if key not in self._closed:
            self._held += _size(closed)
        self._closed[key] = closed
        while self._held > self._room and len(self._closed) > 1:
            _, gone = self._closed.popitem(last=False)
            self._held -= _size(gone)


def _compute(spec: Spec, bars: Columns, beside: Beside) -> Closed:
    following = Following(spec)
    outputs = following.push_many(bars, session=beside.session, against=beside.against)
    return Closed(following, outputs)


def _size(closed: Closed) -> int:
    return sum(output.nbytes for output in closed.outputs) + 4_096


def _digest(bars: Columns, beside: Beside) -> bytes:
    digest = blake2b(np.ascontiguousarray(bars.block).tobytes(), digest_size=16)
    digest.update(np.ascontiguousarray(beside.session).tobytes())
    if beside.against is not None:
        digest.update(np.ascontiguousarray(beside.against).tobytes())
    return digest.digest()
