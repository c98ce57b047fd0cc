"""Years of bars are fetched back to where no source has any."""

from collections.abc import Sequence

import pytest

from tio.api.errors import NotFound
from tio.api.market import Timeframe
from tio.engine.jobs import Progress
from tio.engine.market.backfill import MOST, Filled
from tio.engine.market.filling import fill
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify


class Asked:
    """A back-fill that answers page after page as told, then that there is nothing."""

    def __init__(self, *pages: Filled) -> None:
        self.pages = list(pages)
        self.asked = 0

    async def fill(self, *page: object) -> Filled:
        self.asked += 1
        return self.pages.pop(0) if self.pages else Filled(nothing=True)

    async def all_of(self, symbols: Sequence[str] = ("AAPL",)) -> int:
        rules = rules_of(classify("AAPL"))
        day = 20_000 * 86_400_000_000
        return await fill(
            self,  # type: ignore[arg-type]
            symbols,
            Timeframe.d1,
            lambda _: rules,
            None,
            day,
            None,
            Progress(_unseen),
        )


class Spans(Asked):
    """One that remembers which spans it was asked for."""

    def __init__(self, *pages: Filled) -> None:
        super().__init__(*pages)
        self.spans: list[tuple[object, object]] = []

    async def fill(self, *page: object) -> Filled:
        self.spans.append((page[3], page[4]))
        return await super().fill(*page)


def _unseen(share: float | None, doing: str) -> None:
    """Nobody looks how far it is."""


async def test_before_the_oldest_bar_there_is_nothing_and_that_is_no_error() -> None:
    asked = Asked(Filled(2_515, "yahoo"))
    assert await asked.all_of() == 2_515
    assert asked.asked == 3


async def test_with_nobody_to_ask_it_says_so() -> None:
    with pytest.raises(NotFound, match="no source tells the past of AAPL"):
        await Asked(Filled()).all_of()


async def test_what_a_page_was_cut_by_is_fetched_before_what_is_older() -> None:
    asked = Spans(Filled(MOST, "yahoo", cut=True), Filled(9_000, "yahoo"))
    assert await asked.all_of() == MOST + 9_000
    first, again, older = asked.spans[:3]
    assert first == again
    assert older[1] == first[0]


async def test_a_source_that_always_tells_the_same_is_not_asked_for_ever() -> None:
    asked = Asked(*[Filled(MOST, "odd", cut=True)] * 500)
    await asked.all_of()
    assert asked.asked < 500
