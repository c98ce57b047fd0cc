import asyncio

import pytest

from tio.api.errors import SourceUnavailable
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.market.demand import Demand

from fakes import settle


async def test_every_part_hears_every_change() -> None:
    demand = Demand()
    shares = Shares(demand.follow())
    parts = [shares.share(), shares.share()]
    heard: list[frozenset[str]] = []

    async def listen(part: int) -> None:
        for _ in range(2):
            await parts[part].changed()
            heard.append(parts[part].symbols)

    following = asyncio.create_task(shares.follow())
    listening = [asyncio.create_task(listen(part)) for part in (0, 1)]
    await settle()
    demand.add(["AAPL"])
    await settle()
    demand.add(["MSFT"])
    await settle()
    following.cancel()
    await asyncio.gather(*listening)
    await asyncio.gather(following, return_exceptions=True)
    assert heard == [frozenset({"AAPL"})] * 2 + [frozenset({"AAPL", "MSFT"})] * 2


async def test_the_first_to_fail_ends_all_with_its_own_error() -> None:
    ended: list[str] = []

    async def lasting() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("lasting")

    async def failing() -> None:
        await asyncio.sleep(0)
        raise SourceUnavailable("gone")

    with pytest.raises(SourceUnavailable, match="gone"):
        await together(lasting(), failing())
    assert ended == ["lasting"]


async def test_to_cancel_it_cancels_its_parts() -> None:
    ended = asyncio.Event()

    async def lasting() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.create_task(together(lasting()))
    await settle()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended.is_set()
