"""Values that are computed anew when a bar begins, for what cannot be followed bar by bar."""

from collections.abc import AsyncIterator, Awaitable, Callable

from tio.api.contract import Item, Watch
from tio.api.indicators import Computed
from tio.api.market import Bars

Values = tuple[Computed, ...]


class Renewed:
    """A watch that tells everything again, as a snapshot, with each bar that begins."""

    def __init__(self, bars: Watch[Bars], compute: Callable[[], Awaitable[Values]]) -> None:
        self._bars = bars
        self._compute = compute

    async def __aenter__(self) -> AsyncIterator[Item[Values]]:
        return self._items(await self._bars.__aenter__())

    async def __aexit__(self, *exc: object) -> None:
        await self._bars.__aexit__(*exc)

    async def _items(self, bars: AsyncIterator[Item[Bars]]) -> AsyncIterator[Item[Values]]:
        newest, told = -1, 0
        async for item in bars:
            times = item.value.time
            began = len(times) > 0 and times[len(times) - 1] > newest
            if not (item.snapshot or began):
                continue
            newest = times[len(times) - 1] if len(times) else newest
            told += 1
            yield Item(item.epoch, told, True, await self._compute())
