"""Which lines of a report answer a question."""

from datetime import UTC, datetime

from tio.api.analyst import KeyLevel, Report, ReportLine, ReportSection, Workflow
from tio.api.grounding import Confidence, Level
from tio.api.market import Timeframe
from tio.engine.analyst.rules.intents import Matter
from tio.engine.analyst.rules.report_lines import answered

LEVELS = (
    KeyLevel(name="Prior day high", price=105.0, distance=1.5),
    KeyLevel(name="52-week high", price=140.0, distance=12.0),
    KeyLevel(name="Swing low", price=99.5, distance=-0.2),
    KeyLevel(name="Prior week low", price=90.25, distance=-3.0),
)


def report(**sections: tuple[str, ...]) -> Report:
    return Report(
        workflow=Workflow.brief,
        title="Brief on AAPL",
        about="AAPL",
        symbol="AAPL",
        as_of=datetime(2026, 11, 20, 15, tzinfo=UTC),
        made_by="rules",
        headline="AAPL is bullish at 100.25.",
        confidence=Confidence(level=Level.high, score=0.9, reason="."),
        sections=tuple(
            ReportSection(
                name=name, title=name, lines=tuple(ReportLine(text=each) for each in lines)
            )
            for name, lines in sections.items()
        ),
        levels=LEVELS,
    )


TREND = report(
    trend=("1d: up. Close 100.25.", "1h: down. Close 100.10.", "Timeframes disagree."),
    volatility=("ATR 14 is 2.00 % of price.",),
)


def told(matter: Matter, question: str = "", frames: tuple[Timeframe, ...] = ()) -> str:
    return " ".join(answered(TREND, matter, question, frames))


def test_levels_are_told_on_their_side_the_nearest_first() -> None:
    assert told(Matter.levels) == (
        "AAPL, support below the price, nearest first: swing low 99.50 (0.2 ATR); prior week low "
        "90.25 (3.0 ATR). AAPL, resistance above the price, nearest first: prior day high 105.00 "
        "(1.5 ATR); 52-week high 140.00 (12.0 ATR)."
    )


def test_a_trend_is_told_of_the_timeframes_that_were_asked_for() -> None:
    assert told(Matter.trend, frames=(Timeframe.h1,)) == "AAPL 1h: down. Close 100.10."
    assert told(Matter.trend) == (
        "AAPL is bullish at 100.25. 1d: up; 1h: down. Timeframes disagree."
    )
    assert "does not read 4h" in told(Matter.trend, frames=(Timeframe.h4,))


def test_what_the_headline_is_not_about_is_told_without_it() -> None:
    assert told(Matter.volatility) == "AAPL: ATR 14 is 2.00 % of price."


def test_a_line_the_headline_has_told_is_not_said_again() -> None:
    made = report(worth=("Worth 100.25.", "Cash is 5.50."))
    assert answered(made, Matter.portfolio, "", ()) == [made.headline, "Cash is 5.50."]
