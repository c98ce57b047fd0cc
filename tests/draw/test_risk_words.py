"""Risk in words: shares, verdicts, what is missing; never a figure where there is none."""

from decimal import Decimal

import pytest
import risk_answers as answers
from msgspec.structs import replace
from risk_answers import REPORT

from tio.api.limits import LimitKind, LimitLevel, LimitState
from tio.api.portfolio_risk import Kupiec, TailMethod
from tio.draw import risk_words as words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "1.23%"), (-0.0123, "−1.23%"), (0.0, "0.00%"), (-0.00001, "0.00%"), (None, "–")],
)
def test_a_share_is_told_in_percent(value: float | None, text: str) -> None:
    assert words.share(value) == text


def test_a_summary_tells_worth_exposure_and_spread() -> None:
    assert words.summary(REPORT) == (
        "104,210.33 USD · gross 57.6% · net 38.4% · short −9.6% · cash 61.6%"
        " · HHI 0.51, as 2.0 equal positions"
    )
    assert words.summary(replace(REPORT, stale_share=0.2)).startswith("~104")
    nothing = replace(REPORT, net=None, capital=Decimal(0), concentration=None)
    assert words.summary(nothing) == "– USD"


def test_a_sample_tells_its_days_and_what_it_covers() -> None:
    assert words.sampled(REPORT) == "750 daily returns, 2023-11-17 to 2026-11-19, 96.0% of gross"
    assert "no past" in words.sampled(replace(REPORT, sample=replace(REPORT.sample, returns=0)))


def test_a_tail_stands_as_share_and_as_money() -> None:
    row = words.tail_row(REPORT.tails[0], REPORT)
    assert row == ("1 d", "95%", "historical", "1.10%", "1,146.31", "1.37%", "1,432.89")
    none = answers.tail(TailMethod.cornish_fisher, 0.99, 10, None)
    assert words.tail_row(none, REPORT)[2:] == ("Cornish–Fisher", "–", "–", "–", "–")


@pytest.mark.parametrize(
    ("exceedances", "p", "verdict"),
    [(24, 0.84, "holds"), (40, 0.01, "too low"), (9, 0.01, "too high")],
)
def test_a_back_test_says_whether_the_figure_held(exceedances: int, p: float, verdict: str) -> None:
    told = words.tested(answers.tested(TailMethod.normal, 0.95, exceedances, p))
    assert told == (f"{exceedances} of 500 days lost more, 25.0 expected: {verdict} (p {p:.2f})")


def test_what_was_not_tested_says_what_it_needs() -> None:
    assert words.tested(REPORT.backtests[-1]) == "not tested: more than 250 days are needed"
    assert isinstance(REPORT.backtests[0].test, Kupiec)


def test_a_beta_has_its_error_or_the_reason_why_there_is_none() -> None:
    assert words.beta_told(REPORT) == "beta to SPY 0.62 ± 0.04, explains 55%"
    assert "fewer than 30 days" in words.beta_told(replace(REPORT, beta=None))
    assert words.beta_told(replace(REPORT, benchmark="")) == ""


def test_a_part_tells_its_share_of_the_whole() -> None:
    assert words.part_row(REPORT.parts[0], REPORT) == ("AAPL", "40.0%", "0.80%", "833.68", "66.7%")
    assert words.part_row(REPORT.parts[2], REPORT)[-1] == "−6.7%"


def test_an_exposure_tells_what_of_it_is_short() -> None:
    told = words.exposure_row(REPORT.classes[1], REPORT)
    assert told == ("equity", "32,000.00", "30.7%", "−10,000.00")


def test_a_limit_tells_its_state_or_that_there_is_none() -> None:
    told = [words.limit_row(each) for each in REPORT.limits]
    assert told[0] == ("largest position", "40.30%", "25%", "over", "AAPL")
    assert told[3][2:4] == ("–", "no limit")
    unknown = LimitState(
        kind=LimitKind.gross, limit=None, value=None, level=LimitLevel.unknown, note="why"
    )
    assert words.limit_row(unknown) == ("gross exposure", "–", "–", "unknown", "why")


def test_a_stress_is_a_change_of_value_not_a_loss() -> None:
    covid = words.stress_row(answers.STRESSES[2], "USD")
    assert covid[1:4] == ("−12,500.00", "−12.0%", "−13,000.00 on 2020-03-20")
    assert words.stress_row(answers.STRESSES[3], "USD")[1] == "+2,000.00"


def test_what_a_stress_lacks_is_told_and_no_zero_stands_for_it() -> None:
    assert words.stress_row(answers.STRESSES[0], "")[1:] == ("–", "–", "–", "no prices of then")
    assert words.stress_row(answers.STRESSES[1], "")[4] == "without BTC-USD"
    assert words.caveat(replace(answers.STRESSES[2], proxied_share=0.25)) == "25% by beta"
