"""Sections never raise on odd bars, know nothing later, and appear with their words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.access import OWNER
from tio.api.analyst import Brief
from tio.api.contract import Request
from tio.api.errors import TioError
from tio.api.market import Bars, GetBars, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.analyst.rules import activity, prices, trend
from tio.engine.analyst.rules.scope import Answers, Part, Scope, Section, line
from tio.engine.analyst.rules.service import RulesAnalyst

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SCOPE = Scope("X", NOW)


def bars_of(closes: list[float], volume: float = 100.0, timeframe: Any = Timeframe.d1) -> Bars:
    first = instant(NOW) - len(closes) * timeframe.step
    return Bars(
        symbol="X",
        timeframe=timeframe,
        time=Times(first + i * timeframe.step for i in range(len(closes))),
        open=Series(closes),
        high=Series(closes),
        low=Series(closes),
        close=Series(closes),
        volume=Series([volume] * len(closes)),
    )


@given(
    st.lists(st.floats(0, 1e6) | st.just(float("nan")), max_size=40),
    st.sampled_from([0.0, 5.0, float("nan")]),
)
def test_no_section_of_bars_raises_on_odd_ones(closes: list[float], volume: float) -> None:
    told: dict[Request[Any], Any] = {
        SCOPE.bars(tf): bars_of(closes, volume, tf) for tf in (Timeframe.d1, Timeframe.w1)
    }
    answers = Answers(told)
    for write in (activity.volatility, activity.volume, prices.write):
        try:
            part = write(SCOPE, answers)
        except TioError as error:
            assert "no price" in error.message
        else:
            assert all(each.text for each in part.lines)


def test_a_bar_that_closes_after_the_moment_is_not_known() -> None:
    past = Scope("X", NOW, NOW)
    assert past.closed(bars_of([1.0, 2.0, 3.0])) == 3
    early = NOW.replace(hour=14)
    assert Scope("X", early, early).closed(bars_of([1.0, 2.0, 3.0])) == 2


@pytest.mark.parametrize(("place", "said"), [(20, "low"), (50, "ordinary"), (80, "high")])
def test_a_regime_is_named_by_percentile(place: float, said: str) -> None:
    assert activity.regime(place).startswith(said)


def test_timeframes_agree_or_not() -> None:
    assert "disagree" in trend.agreement({Timeframe.d1: 2, Timeframe.h1: -1})
    assert trend.agreement({Timeframe.d1: 2, Timeframe.h1: 0}).startswith("1 of 2")
    assert trend.agreement({}) == "No timeframe can be judged."


class GetMadeUp(Request[str], frozen=True):
    """A word that no engine has."""


async def test_a_section_appears_once_its_words_exist() -> None:
    def write(scope: Scope, answers: Answers) -> Part:
        return Part(lines=(line("made up"),))

    async def told(request: GetBars, _: object) -> Bars:
        return bars_of([1.0] * 30)

    class Always:
        def now(self) -> datetime:
            return NOW

    section = Section("made", "Made up", ("GetMadeUp",), lambda scope: (), write)
    words: dict[Any, Any] = {GetBars: told}
    analyst = RulesAnalyst(Always(), words, (section,))  # type: ignore[arg-type]
    assert (await analyst.brief(Brief("X"), OWNER)).sections == ()
    words[GetMadeUp] = told
    assert [each.name for each in (await analyst.brief(Brief("X"), OWNER)).sections] == ["made"]
