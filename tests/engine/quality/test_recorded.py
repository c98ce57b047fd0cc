"""Recorded series with real faults beside their repairs, and clean ones: what is found, what not.

The pairs judge payments, splits and total closes. Of what else is found in them (`BESIDE`) each was
looked at: prices that change between pence and pounds, and a bar 16 % below its neighbours, which
the repaired files leave as they are.
"""

import csv
from collections import Counter
from datetime import UTC, date, datetime

import dirty_pairs as dirty
import numpy as np
import pytest

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Timeframe
from tio.api.quality import FaultKind
from tio.engine.quality.finding import faults_of
from tio.engine.quality.mending import mended
from tio.engine.quality.past import Amend, Found, Past, Payment
from tio.engine.store.columns import Columns

import recorded

BAD = (
    "1398-HK-1d-bad-div",
    "3988-HK-1d-bad-div",
    "ABDP-L-1d-bad-div",
    "ADIG-L-1d-bad-div",
    "AV-L-1wk-bad-stock-split",
    "CLC-L-1d-bad-div",
    "CNE-L-1d-bad-stock-split",
    "DEX-AX-1d-bad-stock-split",
    "DODFX-1d-cg-double-count",
    "KAP-IL-1d-bad-div",
    "KME-MI-1d-bad-div",
    "LSC-L-1d-bad-div",
    "PSH-L-1d-bad-div",
    "SERE-L-1d-bad-div",
    "TEM-L-1d-bad-div",
    "TENT-L-1d-bad-div",
    "VWILX-1d-cg-double-count",
)
GOOD = (
    "CALM-1d-no-bad-divs",
    "EA-15m-no-bad-divs",
    "EWG-1d-no-bad-divs",
    "KMR-L-1d-no-bad-divs",
    "TISG-MI-1d-no-bad-divs",
)
BESIDE = {
    "CLC-L-1d-bad-div": {FaultKind.unit_error: 1},
    "LSC-L-1d-bad-div": {FaultKind.unit_error: 7, FaultKind.dividend_unit: 1},
    "EA-15m-no-bad-divs": {FaultKind.spike: 1},
}
UNJUDGED = (FaultKind.outside_range, FaultKind.flat_without_trade)
"""London's closing prices lie outside the day's range now and then: true, and no matter here."""
CLOSE = 2e-3
"""Relative: the repaired files are rounded."""


def alike(a: float, b: float) -> bool:
    return bool(np.isclose(a, b, rtol=CLOSE))


def amounts(past: Past) -> dict[int, float]:
    return {payment.row: payment.amount for payment in past.paid}


def left(past: Past, row: int) -> float:
    """What the total closes leave of prices before a row."""
    assert past.total is not None
    share = past.total / past.bars.close
    return float(share[row - 1] / share[row])


def judged(found: list[Found]) -> list[Found]:
    return [fault for fault in found if fault.kind not in UNJUDGED]


@pytest.mark.parametrize("name", BAD)
def test_every_fault_of_a_pair_is_found_and_repaired_as_it_was(name: str) -> None:
    bad, good = dirty.sheet(name).past, dirty.sheet(f"{name}-fixed").past
    found = judged(list(faults_of(bad)))
    sure = [repair for fault in found if fault.sure for repair in fault.repairs]
    bars, total = mended(bad, sure)
    assert total is not None
    assert list(bars.time) == list(good.bars.time)

    units = {row for f in found if f.kind is FaultKind.unit_error for row in range(f.begin, f.end)}
    rows = [row for row in range(len(bars)) if row not in units]
    for column in ("open", "high", "low", "close", "volume"):
        mine, theirs = getattr(bars, column)[rows], getattr(good.bars, column)[rows]
        assert np.allclose(mine, theirs, rtol=CLOSE, equal_nan=True), column
    assert good.total is not None
    assert np.allclose(total / bars.close, good.total / good.bars.close, rtol=CLOSE)

    repaired = {id(r.event): r.amount for r in sure if isinstance(r, Amend)}
    fixed = amounts(good)
    for payment in bad.paid:
        is_now = repaired.get(id(payment.event), payment.amount)
        # In a unit of its own the file's prices are too: what counts is the share of the price.
        unit = 0.01 if payment.row - 1 in units and bad.bars.close[payment.row - 1] > 1 else 1.0
        assert alike(is_now, fixed.get(payment.row, 0.0) * unit), payment.event.ex_date


@pytest.mark.parametrize("name", BAD)
def test_nothing_else_is_found_in_a_pair(name: str) -> None:
    bad, good = dirty.sheet(name).past, dirty.sheet(f"{name}-fixed").past
    fixed = amounts(good)
    payments = {p.row for p in bad.paid if not alike(p.amount, fixed.get(p.row, 0.0))}
    steps = {p.row for p in bad.paid if not alike(left(bad, p.row), left(good, p.row))}
    prices = set(np.flatnonzero(~np.isclose(bad.bars.close, good.bars.close, rtol=CLOSE)).tolist())
    beside: Counter[FaultKind] = Counter()
    for fault in judged(list(faults_of(bad))):
        match fault.kind:
            case FaultKind.dividend_not_adjusted:
                known = fault.end in steps
            case FaultKind.dividend_unit | FaultKind.dividend_twice:
                known = fault.begin in payments | steps
            case _:
                known = fault.begin in prices
        beside[fault.kind] += not known
    assert {kind: count for kind, count in beside.items() if count} == BESIDE.get(name, {})


@pytest.mark.parametrize("name", GOOD)
def test_payments_that_are_right_are_left_alone(name: str) -> None:
    found = judged(list(faults_of(dirty.sheet(name).past)))
    assert dict(Counter(fault.kind for fault in found)) == BESIDE.get(name, {})


CLEAN = (
    *(f"equity_daily/{name}.csv.gz" for name in "aapl bac eem fb goog spy uso wm".split()),
    *(f"stooq/{n}.us.txt.gz" for n in "aapl amzn bac brk-b googl jnj meta nvda unh xom".split()),
    *(f"fx_daily/{name}.csv.gz" for name in "eurgbp eurusd xauusd".split()),
    "crypto/coinbase_btcusd_daily.csv.gz",
    "misc/BTC-USD_yahoo.csv.gz",
    "backtrader/yhoo-1996-2015.txt.gz",
    "pandas_ta/SPY_D.csv.gz",
    "arch/sp500.csv.gz",
)
SPLITS = {
    "equity_daily/aapl.csv.gz": {"2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"},
    "equity_daily/bac.csv.gz": {"2004-08-30"},
    "equity_daily/eem.csv.gz": {"2005-06-09", "2008-07-24"},
    "equity_daily/goog.csv.gz": {"2014-04-03"},
    "equity_daily/uso.csv.gz": {"2020-04-29"},
}
"""Splits that these unadjusted files have, by their factor files and, for GOOG, by its history."""


def clean(name: str) -> Columns:
    rows = list(csv.DictReader(recorded.lines(f"2_ohlcv/{name}")))
    by_name = {column.strip("<>").lower(): column for column in rows[0]}
    columns = [
        by_name.get(key) or by_name.get(f"bid_{key}") or by_name.get("vol")
        for key in ("open", "high", "low", "close", "volume")
    ]
    return Columns.of_rows(
        (
            _day(row[by_name["date"]]),
            *(float(row[c] or "nan") if c else np.nan for c in columns),  # type: ignore[misc]
        )
        for row in rows
    )


def _day(text: str) -> int:
    for layout in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"):
        try:
            return int(datetime.strptime(text[:10], layout).replace(tzinfo=UTC).timestamp() * 1e6)
        except ValueError:
            continue
    raise AssertionError(text)


def test_clean_series_have_next_to_no_faults_and_unadjusted_ones_their_splits() -> None:
    bars_seen, known, wrong = 0, 0, []
    for name in CLEAN:
        bars = clean(name)
        bars_seen += len(bars)
        for fault in faults_of(Past(bars, Timeframe.d1)):
            day = str(np.datetime64(int(bars.time[fault.begin]), "us"))[:10]
            if day in SPLITS.get(name, ()):
                known += 1
                assert fault.kind is FaultKind.split_suspect
            else:
                wrong.append((name, day, fault))
    assert bars_seen > 140_000
    assert not [each for each in wrong if each[2].sure]
    assert len(wrong) / bars_seen < 0.05 / 1_000, wrong
    assert known >= 7, "of nine splits"


PLANTED = 60
"""Faults of a kind planted, one after the other, in real series."""


@pytest.mark.parametrize("name", ["stooq/jnj.us.txt.gz", "stooq/nvda.us.txt.gz"])
@pytest.mark.parametrize(
    ("kind", "factor", "cells", "least"),
    [
        (FaultKind.unit_error, 100.0, (0, 1, 2, 3), 1.0),
        (FaultKind.unit_error, 0.01, (3,), 1.0),
        (FaultKind.spike, 1.6, (0, 1, 2, 3), 0.9),
        (FaultKind.non_positive, 0.0, (2,), 1.0),
    ],
)
def test_planted_faults_are_found_where_they_are(
    name: str, kind: FaultKind, factor: float, cells: tuple[int, ...], least: float
) -> None:
    whole = clean(name)
    random = np.random.default_rng(7)
    hit = 0
    for at in random.integers(50, len(whole) - 50, PLANTED).tolist():
        bars = Columns(whole[at - 50 : at + 50].block.copy())
        figures = np.stack([bars.open, bars.high, bars.low, bars.close])
        figures[list(cells), 50] *= factor
        open_, high, low, close = figures
        told = Columns.of(bars.time, open_, high, low, close, bars.volume)
        found = [f for f in faults_of(Past(told, Timeframe.d1)) if f.kind is kind]
        hit += [(fault.begin, fault.end) for fault in found] == [(50, 51)]
    assert hit / PLANTED >= least


def paying(whole: Columns, begin: int, share: float, times: int, told: float) -> Past:
    """Real bars that pay a share of their price each quarter, told `told` times too large."""
    rows = [50 + 63 * number for number in range(times)]
    bars = whole[begin - 50 : begin + 63 * times + 50]
    kept = np.ones(len(bars))
    for row in rows:
        kept[:row] /= 1 - share
    figures = (bars.open * kept, bars.high * kept, bars.low * kept, bars.close * kept)
    bars = Columns.of(bars.time, *figures, bars.volume)
    event = CorporateEvent(
        symbol="X", kind=EventKind.dividend, ex_date=date(2020, 1, 1), amount=1.0
    )
    amounts_ = [told * share * float(bars.close[row - 1]) for row in rows]
    paid = (Payment(row, each, event) for row, each in zip(rows, amounts_, strict=True))
    return Past(bars, Timeframe.d1, paid=tuple(paid))


def surely(past: Past) -> int:
    return sum(f.sure and f.kind is FaultKind.dividend_unit for f in faults_of(past))


@pytest.mark.parametrize("name", ["stooq/jnj.us.txt.gz", "stooq/nvda.us.txt.gz"])
def test_made_up_payments_are_read_in_their_unit(name: str) -> None:
    whole = clean(name)
    random = np.random.default_rng(1)
    right = hundredfold = hundredth = 0
    for begin in random.integers(50, len(whole) - 63 * 20 - 50, 25).tolist():
        for share in (0.0001, 0.002, 0.007, 0.03):
            right += surely(paying(whole, begin, share, 4, 1.0))
        hundredfold += surely(paying(whole, begin, 0.007, 4, 100.0)) == 4
        hundredth += surely(paying(whole, begin, 0.015, 20, 0.01)) == 20
    assert right == 0
    assert hundredfold == 25
    assert hundredth >= 22
