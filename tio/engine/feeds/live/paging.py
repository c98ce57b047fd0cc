"""Past bars in pages, from the newest back, within a venue's limit of one answer."""

from collections.abc import Awaitable, Callable, Sequence

from tio.api.series import instant
from tio.engine.feeds.rows import Asked, Row

Page = Callable[[int, int], Awaitable[Sequence[Row]]]
"""The newest rows before an instant (µs), at most so many."""


async def paged_back(asked: Asked, most: int, page: Page) -> list[Row]:
    """What was asked for, at most `most` rows a page, until that is there or nothing is older."""
    rows: list[Row] = []
    before = instant(asked.end)
    while before > asked.first and len(rows) < asked.limit:
        told = await page(before, min(most, asked.limit - len(rows)))
        older = [row for row in told if row.time < before]
        if not older:
            break
        rows += older
        before = min(row.time for row in older)
    return rows
