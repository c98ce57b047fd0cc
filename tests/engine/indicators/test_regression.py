"""Our indicators beside TA-Lib's own regression table: where values begin, and sampled ones."""

import json
from typing import Any

import numpy as np

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec, Value
from tio.engine.store.columns import Columns

import recorded

FOLDER = "7_indicators/talib_regtest"
APART = 0.01
"""What TA-Lib's own test allows: its table is printed with two to four decimals."""
AVERAGES = {"SMA": "sma", "EMA": "ema", "WMA": "wma", "TRIMA": "trima", "T3": "t3", "KAMA": "kama"}
# Not TRIX: its rows mix two compatibilities and do not say which.
NAMES = {
    "TA_MOM_TEST": ("mom", "mom"),
    "TA_ROC_TEST": ("roc", "roc"),
    "TA_ROCR100_TEST": ("rocr", "rocr"),
    "TA_RSI_TEST": ("rsi", "rsi"),
    "TA_CMO_TEST": ("cmo", "cmo"),
    "TA_CCI_TEST": ("cci", "cci"),
    "TA_WILLR_TEST": ("willr", "willr"),
    "TA_NATR_TEST": ("natr", "natr"),
    "TA_ACCBANDS_TEST": ("accbands", "middle"),
}
WHOLE = {"startIdx": 0, "endIdx": 251, "expectedRetCode": "TA_SUCCESS"}
USUAL = {"unstablePeriod": 0, "compatibility": "TA_COMPATIBILITY_DEFAULT"}


def bars() -> Columns:
    columns = json.loads(recorded.read_text(f"{FOLDER}/input_252bars.json.gz"))
    time = np.arange(252) * 86_400_000_000
    return Columns.of(time, *(columns[name] for name in ("open", "high", "low", "close", "volume")))


def asked(row: dict[str, Any]) -> tuple[str, str, dict[str, Value]] | None:
    """The indicator, its output and its parameters that a row of the table is about."""
    length = int(row.get("optInTimePeriod") or row.get("optInTimePeriod1") or 0)
    match row["file"]:
        case "test_ma.c":
            name = AVERAGES.get(row["optInMAType_1"].rpartition("_")[2])
            return (name, name, {"length": length}) if name and length > 1 else None
        case "test_macd.c":
            speeds = sorted((row["optInFastPeriod"], row["optInSlowPeriod"]))
            signal = row["optInSignalPeriod_2"]
            return "macd", "macd", {"fast": speeds[0], "slow": speeds[1], "signal": signal}
        case "test_trange.c" if not row["doAverage"]:
            return "trange", "trange", {}
        case "test_trange.c":
            return "atr", "atr", {"length": length}
        case "test_avgdev.c":
            return "avgdev", "avgdev", {"length": length}
    if row.get("theFunction") == "TA_AVGPRICE_TEST":
        return "avgprice", "avgprice", {}
    if row.get("theFunction") not in NAMES or length < 2:
        return None
    return (*NAMES[row["theFunction"]], {"length": length})


def test_values_begin_and_are_as_in_the_regression_table_of_talib() -> None:
    rows = json.loads(recorded.read_text(f"{FOLDER}/expected.shared.json.gz"))
    history, met = bars(), 0
    for row in rows:
        if any(row.get(key) != value for key, value in WHOLE.items()):
            continue
        if any(row.get(key, value) != value for key, value in USUAL.items()):
            continue
        found = asked(row)
        if found is None:
            continue
        name, output, params = found
        values = compute(history, Spec(name, params))[output]
        begin = int(np.flatnonzero(~np.isnan(values))[0])
        at = row.get("oneOfTheExpectedOutRealIndex0", row.get("oneOfTheExpectedOutRealIndex"))
        told = row.get("oneOfTheExpectedOutReal0", row.get("oneOfTheExpectedOutReal"))

        assert begin == row["expectedBegIdx"], row
        assert abs(float(values[begin + at]) - told) <= APART, row
        met += 1
    assert met >= 116
