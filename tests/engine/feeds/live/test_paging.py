from collections.abc import Sequence
from datetime import UTC, datetime

from tio.api.market import Timeframe
from tio.engine.feeds.live.paging import paged_back
from tio.engine.feeds.rows import Asked, Row

MINUTE = 60_000_000


class Venue:
    """Has a bar for each of these minutes, and remembers what it was asked."""

    def __init__(self, minutes: range) -> None:
        self.minutes = minutes
        self.asked: list[tuple[int, int]] = []

    async def page(self, before: int, most: int) -> Sequence[Row]:
        self.asked.append((before // MINUTE, most))
        minutes = [minute for minute in self.minutes if minute * MINUTE < before][-most:]
        return [Row(minute * MINUTE, 1, 1, 1, 1, 1) for minute in minutes]


def asked(start: int | None, limit: int) -> Asked:
    end = datetime(1970, 1, 1, 1, tzinfo=UTC)
    begin = None if start is None else datetime(1970, 1, 1, 0, start, tzinfo=UTC)
    return Asked("BTC-USD", Timeframe.m1, begin, end, limit)


async def test_pages_go_back_until_the_limit_is_there() -> None:
    venue = Venue(range(60))
    rows = await paged_back(asked(None, 25), 10, venue.page)
    assert sorted(row.time // MINUTE for row in rows) == list(range(35, 60))
    assert venue.asked == [(60, 10), (50, 10), (40, 5)]


async def test_pages_go_back_no_further_than_the_start() -> None:
    venue = Venue(range(60))
    await paged_back(asked(45, 1_000), 10, venue.page)
    assert venue.asked == [(60, 10), (50, 10)]


async def test_where_nothing_is_older_it_ends() -> None:
    venue = Venue(range(55, 60))
    rows = await paged_back(asked(None, 40), 10, venue.page)
    assert len(rows) == 5
    assert venue.asked == [(60, 10), (55, 10)]
