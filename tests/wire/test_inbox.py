import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tio.api.contract import After, Item
from tio.api.errors import NotFound, Overflow
from tio.api.market import Book, BookDepth, Print, Quote, Quotes, Trades
from tio.wire.inbox import MOST_ORDERED, MOST_WAITING, Ended, Inbox


def quotes(seq: int, *symbols: str, snapshot: bool = False, epoch: str = "e") -> Item[Any]:
    return Item(epoch, seq, snapshot, tuple(Quote(symbol=s, last=float(seq)) for s in symbols))


def prints(seq: int, count: int, *, snapshot: bool = False, epoch: str = "e") -> Item[Any]:
    one = Print(symbol="A", price=1.0, size=1.0, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    return Item(epoch, seq, snapshot, (one,) * count)


async def test_items_come_out_in_order() -> None:
    inbox = Inbox(Book("A"))
    for seq in (1, 2, 3):
        assert inbox.receive(Item("e", seq, seq == 1, BookDepth(symbol="A")))

    assert [(await inbox.take()).seq for _ in range(3)] == [1, 2, 3]


async def test_waiting_quotes_merge_to_the_newest_of_each_symbol() -> None:
    inbox = Inbox(Quotes())
    inbox.receive(quotes(1, "A", "B", snapshot=True))
    inbox.receive(quotes(2, "B"))
    inbox.receive(quotes(3, "C"))

    item = await inbox.take()

    assert (item.seq, item.snapshot) == (3, True)
    assert {quote.symbol: quote.last for quote in item.value} == {"A": 1.0, "B": 2.0, "C": 3.0}


async def test_a_snapshot_replaces_what_waits() -> None:
    inbox = Inbox(Quotes())
    inbox.receive(quotes(1, "A", "B", snapshot=True))
    inbox.receive(quotes(1, "A", snapshot=True, epoch="new"))

    assert [quote.symbol for quote in (await inbox.take()).value] == ["A"]


def test_a_missing_number_or_another_epoch_is_noticed() -> None:
    inbox = Inbox(Quotes())
    assert not inbox.receive(quotes(5, "A")), "no snapshot yet"
    assert inbox.receive(quotes(1, "A", snapshot=True))
    assert not inbox.receive(quotes(3, "A"))
    assert not inbox.receive(quotes(2, "A", epoch="new"))
    assert inbox.receive(quotes(2, "A"))


def test_ordered_items_count_their_events() -> None:
    inbox = Inbox(Trades("A"))
    assert inbox.receive(prints(10, 10, snapshot=True))
    assert inbox.receive(prints(13, 3))
    assert not inbox.receive(prints(20, 3)), "four are missing"


def test_a_resumed_topic_goes_on_without_a_snapshot() -> None:
    inbox = Inbox(Trades("A"), After("e", 7))

    assert inbox.receive(prints(9, 2))
    assert inbox.last == After("e", 9)


def test_too_much_that_cannot_merge_asks_for_a_fresh_snapshot() -> None:
    inbox = Inbox(Book("A"))
    kept = [
        inbox.receive(Item("e", seq, seq == 1, BookDepth(symbol="A")))
        for seq in range(1, MOST_WAITING + 2)
    ]

    assert kept == [True] * MOST_WAITING + [False]


async def test_an_ordered_watcher_too_far_behind_is_ended_after_what_waits() -> None:
    inbox = Inbox(Trades("A"))
    inbox.receive(prints(MOST_ORDERED, MOST_ORDERED, snapshot=True))
    inbox.receive(prints(MOST_ORDERED + 1, 1))

    await inbox.take()
    await inbox.take()
    with pytest.raises(Overflow, match="10,000"):
        await inbox.take()


async def test_an_end_comes_after_what_waits() -> None:
    inbox = Inbox(Quotes())
    inbox.receive(quotes(1, "A", snapshot=True))
    inbox.end()

    await inbox.take()
    with pytest.raises(Ended):
        await inbox.take()


async def test_who_waits_is_woken_by_an_error() -> None:
    inbox = Inbox(Quotes())
    waiting = asyncio.ensure_future(inbox.take())
    await asyncio.sleep(0)
    inbox.end(NotFound("gone"))

    with pytest.raises(NotFound):
        await waiting
