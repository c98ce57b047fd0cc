"""Returns beside those of pyxirr's and Portfolio Performance's tests and of hledger's `roi`."""

import json
import re
from datetime import date

import pytest
from hledger_roi import Case, Row, cases

from tio.engine.portfolio.returns import annualised, simple_return, time_weighted, xirr

import recorded

HLEDGER_YEAR = 365.25
PRINTED = 0.0051
"""Half of the last digit hledger prints, in percent."""

NOTHING_HELD = "hledger returns 0 % on nothing; ours tells no return"
SPREAD = "hledger spreads an unvalued stretch's gain at its internal rate; ours is Modified Dietz"
DAY_OF_FLOW = "hledger moves prices first, then money; ours counts a flow from its day's start"
DIFFERENT: dict[tuple[int, int], str] = {
    (4, 0): SPREAD,
    (5, 0): SPREAD,
    (6, 4): SPREAD,
    (7, 0): SPREAD,
    (16, 2): SPREAD,
    (8, 0): NOTHING_HELD,
    (17, 0): NOTHING_HELD,
    (10, 0): DAY_OF_FLOW,
    (14, 0): DAY_OF_FLOW,
    (17, 1): DAY_OF_FLOW,
    (17, 3): DAY_OF_FLOW,
}
"""By the number of the test and the row of its table."""


def hledger_rows() -> list[tuple[Case, int, Row]]:
    return [(case, place, row) for case in cases() for place, row in enumerate(case.rows)]


def test_money_weighted_returns_are_those_of_pyxirrs_tests() -> None:
    known = json.loads(recorded.read_text("6_portfolio/pyxirr_cases.shared.json.gz"))

    assert known
    for case in known:
        dates = [date.fromisoformat(day) for day, _ in case["flows"]]
        rate = xirr(dates, [float(amount) for _, amount in case["flows"]])
        wanted = case["xirr"]
        assert rate == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9)), case["file"]


def test_money_weighted_returns_are_those_of_a_spreadsheet() -> None:
    """To the 1e-4 Portfolio Performance asks: its second rate does not solve its own flows."""
    name = "6_portfolio/portfolio_performance/irr_and_cost_examples.json"
    known = json.loads(recorded.read_text(name))["xirr"]

    assert known
    for case in known:
        rate = xirr([date.fromisoformat(day) for day in case["dates"]], case["flows"])
        assert rate == pytest.approx(case["excel_xirr"], abs=1e-4)


def test_hledgers_journals_are_read_as_hledger_reads_them() -> None:
    for case, place, row in hledger_rows():
        series = case.series(row)
        money = [series.opening, series.flow.sum(), series.value[-1]]
        printed = [row.opening, row.cashflow, row.closing]
        assert money == pytest.approx(printed, abs=PRINTED), (case.number, place)


def test_internal_rates_are_hledgers_in_its_longer_year() -> None:
    for case, place, row in hledger_rows():
        rate = xirr(*case.series(row).dated(row.begin))
        if DIFFERENT.get((case.number, place)) == NOTHING_HELD:
            assert (rate, row.irr) == (None, 0)
            continue
        assert rate is not None
        theirs = ((1 + rate) ** (HLEDGER_YEAR / 365) - 1) * 100
        assert theirs == pytest.approx(row.irr, abs=PRINTED), (case.number, place)


def test_time_weighted_returns_are_hledgers_or_the_difference_is_named() -> None:
    for case, place, row in hledger_rows():
        series = case.series(row)
        told = time_weighted(series.value, series.flow, opening=series.opening)
        equal = abs(told.total * 100 - row.twr) < PRINTED
        assert equal != ((case.number, place) in DIFFERENT), (case.number, place, told.total)
        if equal:
            year = annualised(told.total, len(series.flow)) + 1
            theirs = (year ** (HLEDGER_YEAR / 365) - 1) * 100
            assert theirs == pytest.approx(row.twr_year, abs=3 * PRINTED), (case.number, place)


def test_the_page_tells_how_many_are_equal() -> None:
    page = (recorded.PROJECT / "docs" / "performance.md").read_text("utf-8")
    rows = len(hledger_rows())
    silent = list(DIFFERENT.values()).count(NOTHING_HELD)

    assert f"| hledger `roi`, internal rate | {rows} rows of {len(cases())} tests" in page
    assert f"tests | {rows - silent}, as printed | hledger's year" in page
    assert f"tests | {rows - len(DIFFERENT)}, as printed | see below |" in page


def test_gains_of_unvalued_stretches_are_close_to_hledgers() -> None:
    for case, place, row in hledger_rows():
        if DIFFERENT.get((case.number, place)) == SPREAD and row.twr > 0:
            series = case.series(row)
            told = time_weighted(series.value, series.flow, opening=series.opening)
            assert told.total * 100 == pytest.approx(row.twr, rel=0.01)


def test_the_simple_return_is_portfolio_performances_delta() -> None:
    """A security bought, never sold, that paid dividends; its test tells money in cents."""
    name = "6_portfolio/portfolio_performance/expected.shared.json.gz"
    files = json.loads(recorded.read_text(name))
    said = next(
        "\n".join(file["all_assertions_in_file"])
        for file in files
        if file["java"].startswith("Issue1879Dividend")
    )

    def cents(call: str) -> float:
        return told(rf"{re.escape(call)}, is\(Money.of\(\"EUR\", (-?\d+)L")

    def told(pattern: str) -> float:
        found = re.search(pattern, said)
        assert found
        return float(found[1])

    bought = cents("record.getCost(CostMethod.FIFO, TaxesAndFees.INCLUDED)")
    closing, paid_out = cents("record.getMarketValue()"), cents("record.getSumOfDividends()")
    theirs = told(r"getDeltaPercent\(\), IsCloseTo.closeTo\(([\d.]+)")
    assert simple_return(0, closing, bought, paid_out) == pytest.approx(theirs, rel=1e-9)
