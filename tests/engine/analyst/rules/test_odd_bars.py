"""Prices that are missing, still, zero or few break no report: they are left untold."""

from datetime import date
from typing import Any

import pytest
from analyst_answers import ANSWERS
from analyst_words import NOW, Market, bars_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
)
from tio.api.contract import Request
from tio.api.errors import TioError
from tio.api.indicators import Computed, ComputeIndicators
from tio.api.market import Bars, GetBars, GetQuotes, Quote
from tio.api.series import Series, Times

REPORTS: tuple[Request[Report], ...] = (
    Brief("AAA", Depth.full),
    Brief("AAA", at=NOW),
    Compare(("AAA", "BBB"), Depth.full),
    Compare(("AAA", "BBB"), at=NOW),
    MorningBrief("main"),
    MorningBrief("main", NOW),
    ExplainMove("AAA"),
    ExplainMove("AAA", date(2026, 11, 16), date(2026, 11, 19)),
    ExplainMove("AAA", at=NOW),
    CheckIdea("i1"),
)
ODD = st.sampled_from([float("nan"), 0.0, -1.0, 1e-6, 1e9, 100.0, 101.0])


def market(closes: list[float], last: float | None) -> Market:
    """Bars of these closes for every symbol and timeframe, the newest forming; odd quotes."""

    def bars(asked: GetBars) -> Bars:
        whole = bars_of(asked.symbol, asked.timeframe)
        count = len(closes)
        time = Times(whole.time[i] for i in range(len(whole) - count, len(whole)))
        column = Series(closes)
        return replace(
            whole,
            time=time,
            open=column,
            high=column,
            low=column,
            close=column,
            volume=column,
            forming=bool(closes),
        )

    def indicators(asked: ComputeIndicators) -> tuple[Computed, ...]:
        told = bars(GetBars(asked.symbol, asked.timeframe))
        names = {"macd": ("macd", "signal", "histogram")}
        return tuple(
            Computed(
                name=each.name,
                time=told.time,
                outputs={name: Series(closes) for name in names.get(each.name, (each.name,))},
            )
            for each in asked.specs
        )

    def quotes(asked: GetQuotes) -> tuple[Quote, ...]:
        return tuple(
            Quote(symbol=each, last=last, previous_close=last, open=last, as_of=NOW)
            for each in asked.symbols
        )

    more: dict[Any, Any] = {GetBars: bars, ComputeIndicators: indicators, GetQuotes: quotes}
    return Market(more=ANSWERS | more)


@pytest.mark.parametrize("request_", REPORTS, ids=str)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    closes=st.lists(ODD, max_size=80) | st.lists(ODD, min_size=380, max_size=400),
    last=st.none() | ODD,
)
async def test_odd_prices_break_no_report(
    request_: Request[Report], closes: list[float], last: float | None
) -> None:
    try:
        report = await market(closes, last).report(request_)
    except TioError as error:
        assert error.message
        return
    lines = [each.text for part in report.sections for each in part.lines]
    assert not [text for text in lines if "nan" in text.lower().split()]
    assert not [each for each in report.unwritten if each.reason.startswith("it failed")]
    assert 0.0 <= report.confidence.score <= 1.0
