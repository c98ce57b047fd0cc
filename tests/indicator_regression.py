"""TA-Lib's own regression table: single values it expects of its functions, beside ours."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

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


class Row(NamedTuple):
    """One value of the table, and ours; `begin` is the index of the first value there is."""

    name: str
    begin: int
    told_begin: int
    value: float
    told: float


def rows() -> list[Row]:
    """Every row about an indicator of ours, over the whole history; skips without the data."""
    history, found = _bars(), []
    for row in json.loads(recorded.read_text(f"{FOLDER}/expected.shared.json.gz")):
        if any(row.get(key) != value for key, value in WHOLE.items()):
            continue
        if any(row.get(key, value) != value for key, value in USUAL.items()):
            continue
        asked = _asked(row)
        if asked is None:
            continue
        name, output, params = asked
        values = compute(history, Spec(name, params))[output]
        begin = int(np.flatnonzero(~np.isnan(values))[0])
        at = row.get("oneOfTheExpectedOutRealIndex0", row.get("oneOfTheExpectedOutRealIndex"))
        told = row.get("oneOfTheExpectedOutReal0", row.get("oneOfTheExpectedOutReal"))
        found.append(Row(name, begin, row["expectedBegIdx"], float(values[begin + at]), told))
    return found


def worst(found: Iterable[Row]) -> dict[str, tuple[int, float]]:
    """For each indicator how many values there are, and the largest relative difference."""
    answers: dict[str, tuple[int, float]] = {}
    for row in found:
        count, relative = answers.get(row.name, (0, 0.0))
        apart = abs(row.value - row.told) / max(abs(row.told), 1e-9)
        answers[row.name] = count + 1, max(relative, apart)
    return answers


def _bars() -> Columns:
    columns = json.loads(recorded.read_text(f"{FOLDER}/input_252bars.json.gz"))
    time = np.arange(252) * 86_400_000_000
    return Columns.of(time, *(columns[name] for name in ("open", "high", "low", "close", "volume")))


def _asked(row: dict[str, Any]) -> tuple[str, str, dict[str, Value]] | None:
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
