"""One source's wanted symbols for several of its parts, and those parts run as one."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from tio.plugin import LooksClosely, Wanted


class Share:
    """A `Wanted` of one part: it hears every change, whoever else did."""

    def __init__(self, whole: Wanted) -> None:
        self._whole = whole
        self._known = whole.symbols, closely(whole)
        self.news = asyncio.Event()

    @property
    def symbols(self) -> frozenset[str]:
        return self._whole.symbols

    @property
    def closely(self) -> frozenset[str]:
        return closely(self._whole)

    async def changed(self) -> None:
        """Returns when `symbols` or `closely` is not what it was at the last call."""
        while (self.symbols, self.closely) == self._known:
            self.news.clear()
            await self.news.wait()
        self._known = self.symbols, self.closely


class Shares:
    """What is wanted, told on to each part while `follow` runs."""

    def __init__(self, whole: Wanted) -> None:
        self._whole = whole
        self._shares: list[Share] = []

    def share(self) -> Share:
        share = Share(self._whole)
        self._shares.append(share)
        return share

    async def follow(self) -> None:
        while True:
            await self._whole.changed()
            for share in self._shares:
                share.news.set()


def closely(wanted: Wanted) -> frozenset[str]:
    """The symbols whose book somebody watches, where that is told."""
    return wanted.closely if isinstance(wanted, LooksClosely) else frozenset()


async def together(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all until the first ends, then end the others; what it raised is raised."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
