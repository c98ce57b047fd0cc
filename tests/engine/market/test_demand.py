"""Who wants what, and whose book, as it changes."""

import asyncio

from tio.engine.market.demand import Demand, Follower
from tio.engine.market.paths import Shares
from tio.plugin import LooksClosely

from fakes import settle


async def hears(follower: Follower, demand: Demand, symbol: str) -> list[frozenset[str]]:
    """What is looked at closely after each change, while somebody looks and looks away."""
    heard = []
    for change in (demand.look, demand.look_away):
        changed = asyncio.create_task(follower.changed())
        await settle()
        change(symbol)
        await changed
        heard.append(follower.closely)
    return heard


async def test_a_follower_hears_whose_book_is_watched_and_when_no_more() -> None:
    demand = Demand()
    demand.add(["A", "B"])
    follower = demand.follow()
    assert isinstance(follower, LooksClosely)
    assert await hears(follower, demand, "A") == [{"A"}, frozenset()]
    assert demand.symbols == {"A", "B"}


async def test_a_book_is_watched_until_the_last_who_does_leaves() -> None:
    demand = Demand()
    demand.look("A")
    demand.look("A")
    demand.look_away("A")
    assert demand.symbols == demand.closely == {"A"}
    demand.look_away("A")
    assert not demand.symbols | demand.closely


async def test_a_source_hears_of_books_among_its_own_symbols_alone() -> None:
    demand = Demand()
    shares = Shares(lambda: demand.closely)
    slice_ = shares.following("venue").follow()
    changed = asyncio.create_task(slice_.changed())
    await settle()
    demand.look("A")
    shares.tell()
    await settle()
    assert not changed.done()
    changed.cancel()
