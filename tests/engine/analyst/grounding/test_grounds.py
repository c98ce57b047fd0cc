from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
import told_results

from tio.api.market import Bars, Quote, Timeframe
from tio.api.portfolio_risk import RiskReport, TailMethod, TailRisk
from tio.api.series import Series
from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.grounding.confidence import confidence
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import ToolResult
from tio.engine.analyst.grounding.grounds import SESSION, grounds_of

NOW = told_results.AT + timedelta(minutes=30)


def other_quotes(last: float, source: str = "stooq", older: timedelta = timedelta()) -> ToolResult:
    told = Quote(symbol="AAPL", last=last, as_of=told_results.AT - older, source=source)
    return ToolResult("c9", None, (told,))


def test_grounds_tell_coverage_age_and_a_single_source() -> None:
    evidence = Evidence([told_results.quotes()])
    found = grounds_of(evidence, ground("AAPL trades at 187.20, not 999.25.", evidence), NOW)

    assert (found.coverage, found.age, found.span) == (0.5, 1800.0, SESSION)
    assert (found.sources, found.apart, found.samples) == (1, None, None)


def test_the_span_is_that_of_the_bars_cited() -> None:
    bars = told_results.bars()
    assert isinstance(bars.answer, Bars)
    close = bars.answer.close[-1]
    hourly = msgspec.structs.replace(bars.answer, timeframe=Timeframe.h1)
    evidence = Evidence([replace(bars, answer=hourly)])
    found = grounds_of(evidence, ground(f"AAPL last closed at {close:.2f}.", evidence), NOW)

    assert found.span == 3_600.0
    assert found.age == timedelta(hours=21, minutes=30).total_seconds()
    assert "21 hours old" in confidence(found).reason


@pytest.mark.parametrize(("last", "apart"), [(187.2, 0.0), (185.328, 0.01)])
def test_two_sources_of_one_figure_are_told_and_how_far_they_are_apart(
    last: float, apart: float
) -> None:
    evidence = Evidence([told_results.quotes(), other_quotes(last)])
    found = grounds_of(evidence, ground("AAPL trades at 187.20.", evidence), NOW)

    assert found.sources == 2
    assert found.apart == pytest.approx(apart)


def test_what_a_source_told_of_another_day_is_no_second_source() -> None:
    evidence = Evidence([told_results.quotes(), other_quotes(171.5, older=timedelta(days=4))])

    assert grounds_of(evidence, ground("AAPL trades at 187.20.", evidence), NOW).sources == 1


def test_the_same_bar_of_another_source_is_a_second_source() -> None:
    bars = told_results.bars()
    assert isinstance(bars.answer, Bars)
    closes = list(bars.answer.close)
    closes[-1] *= 1.02
    more = msgspec.structs.replace(bars.answer, source="stooq", close=Series(closes))
    evidence = Evidence([bars, ToolResult("c8", None, more)])
    told = ground(f"AAPL last closed at {bars.answer.close[-1]:.2f}.", evidence)
    found = grounds_of(evidence, told, NOW)

    assert found.sources == 2
    assert found.apart == pytest.approx(0.02 / 1.02)


def test_samples_are_the_fewest_cases_of_a_statistic_cited() -> None:
    tail = TailRisk(
        method=TailMethod.historical, confidence=0.95, days=1, returns=250, independent=12,
        value_at_risk=0.0213, expected_shortfall=0.0315,
    )  # fmt: skip
    report = RiskReport(
        portfolio="main", currency="USD", at=told_results.AT, net=Decimal(1000),
        tails=(tail,),
    )  # fmt: skip
    evidence = Evidence([ToolResult("r", None, report), told_results.quotes()])
    risk = grounds_of(evidence, ground("The value at risk is 2.13 %.", evidence), NOW)
    price = grounds_of(evidence, ground("AAPL trades at 187.20.", evidence), NOW)

    assert risk.samples == 12
    assert price.samples is None
    assert confidence(risk).reason == "It is made of 12 cases."


def test_facts_of_the_future_are_not_the_newest() -> None:
    evidence = Evidence([told_results.quotes()])
    before = told_results.AT - timedelta(hours=1)

    assert grounds_of(evidence, ground("AAPL is at 187.20.", evidence), before).age is None


def test_an_answer_without_figures_has_no_grounds() -> None:
    evidence = Evidence([told_results.quotes()])
    found = grounds_of(evidence, ground("Nothing to say.", evidence), NOW, hits=2, told=5)

    assert (found.coverage, found.age) == (None, None)
    assert (found.hits, found.told) == (2, 5)
