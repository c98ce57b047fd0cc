"""A word that fails takes its section with it, never the brief."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from analyst_words import Market
from msgspec.structs import replace

from tio.api.access import OWNER
from tio.api.analyst import Brief, Depth, Report
from tio.api.contract import Request
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import Adjustment, AssetClass, Bars, GetBars, GetQuotes, Quote, Timeframe
from tio.engine.analyst.rules.service import RulesAnalyst

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW


async def brief(request: Brief, **answers: Any) -> Report:
    """The brief over words that answer, or fail, by name; no bars where none are told."""
    kinds = (GetBars, GetQuotes, ListPortfolios, GetPositions)

    def answer(kind: type[Request[Any]]) -> Any:
        async def told(asked: Any, _: object) -> Any:
            given = answers.get(kind.__name__, ())
            if isinstance(given, Exception):
                raise given
            return Bars(symbol="X", timeframe=asked.timeframe) if kind is GetBars else given

        return told

    words: dict[Any, Any] = {kind: answer(kind) for kind in kinds}
    return await RulesAnalyst(Noon(), words).brief(request, OWNER)  # type: ignore[arg-type]


async def test_a_brief_whose_bars_fail_says_so_and_tells_the_rest() -> None:
    report = await brief(Brief("X"), GetBars=SourceUnavailable("the source sleeps"))
    unwritten = {each.name: each.reason for each in report.unwritten}
    assert unwritten == dict.fromkeys(("levels", "volatility", "volume"), "the source sleeps")
    assert [each.name for each in report.sections] == ["position"]
    assert report.confidence.level == "low"


async def test_portfolios_that_cannot_be_told_are_not_read_as_nothing_held() -> None:
    report = await brief(Brief("X"), ListPortfolios=SourceUnavailable("the ledger is locked"))
    assert {each.name: each.reason for each in report.unwritten}["position"] == (
        "the ledger is locked"
    )


@pytest.mark.parametrize("at", [None, NOW.replace(day=2)])
async def test_a_symbol_nobody_knows_is_not_found(at: datetime | None) -> None:
    unknown = NotFound("nobody knows X")
    with pytest.raises(NotFound, match="nobody knows X"):
        await brief(Brief("X", Depth.short, at), GetQuotes=unknown, GetBars=unknown)


async def test_a_timeframe_that_fails_takes_none_of_the_others_with_it() -> None:
    market = Market()

    def bars(asked: GetBars) -> Bars:
        if asked.timeframe is Timeframe.m15:
            raise SourceUnavailable("no minutes today")
        return market.bars(asked)

    market.more[GetBars] = bars
    report = await market.report(Brief("AAA"))
    trend = next(each for each in report.sections if each.name == "trend")
    assert "15m: no minutes today." in [each.text for each in trend.lines]
    assert any(each.text.startswith("1d: ") for each in trend.lines)
    assert "of 4 timeframes" not in trend.lines[-1].text


async def test_prices_that_are_not_adjusted_are_said_to_be() -> None:
    def raw(asked: GetBars) -> Bars:
        return replace(Market().bars(asked), adjusted=Adjustment.raw)

    def crypto(asked: GetQuotes) -> tuple[Quote, ...]:
        quotes = (Market().quote(each) for each in asked.symbols)
        return tuple(replace(each, asset_class=AssetClass.crypto) for each in quotes)

    told = "RAW: a split or dividend looks like a fall"
    assert told not in (await Market().report(Brief("AAA"))).marks
    assert told in (await Market(more={GetBars: raw}).report(Brief("AAA"))).marks
    coin = Market(more={GetBars: raw, GetQuotes: crypto})
    assert told not in (await coin.report(Brief("AAA"))).marks
    at = NOW - timedelta(days=30)
    past = Market(more={GetBars: raw})
    assert "prices are not adjusted" in (await past.report(Brief("AAA", at=at))).marks[0]
    assert "are adjusted" in (await Market().report(Brief("AAA", at=at))).marks[0]
