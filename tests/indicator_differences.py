"""Where a reference answers otherwise than we do, and why: (its source, its file, our name)."""

from indicator_references import Difference, Reference

_SEED = "seeded otherwise: theirs with {}, ours with {}; the difference fades"
_MEAN = "a simple mean (TA-Lib)"
_FIRST = "the first value"
_FEW = "seeded otherwise, and the sheet is too short for the difference to fade: theirs with "
INPUTS = "the sheet's inputs are printed with fewer digits than its results were made of"
_SUMS = "a sum of 14", "a sum of 13"
_STAGES = "one simple mean for every stage", "a simple mean for each (TA-Lib)"
_OBV = "theirs starts at zero, ours at the first bar's volume (TA-Lib): apart by a constant"

_DIFFERENCES: dict[tuple[str, str, str], Difference] = {
    ("StockIndicators", "chaikin-osc", "adosc"): Difference(
        _SEED.format("a simple mean", "the first value (TA-Lib)"), after=104
    ),
    ("StockIndicators", "fisher", "fisher"): Difference(
        "theirs begins at the first bar with what window there is, ours with a whole window", 310
    ),
    ("StockIndicators", "macd", "macd"): Difference(
        "TA-Lib begins the fast average where the slow one begins; the difference fades", 170
    ),
    ("StockIndicators", "mama", "mama"): Difference(_SEED.format(_FIRST, "TA-Lib's start"), 275),
    ("StockIndicators", "obv", "obv"): Difference(_OBV, limit=float("inf")),
    ("StockIndicators", "psar", "sar"): Difference(
        "the first bars' direction is found otherwise; equal from their next turn on", 251
    ),
    ("StockIndicators", "smi", "smi"): Difference(_SEED.format(_FIRST, _MEAN), 310),
    ("StockIndicators", "vol-stop", "volatility_stop"): Difference(
        "at the bar of a turn theirs is the stop that broke, ours the new one", limit=0.06
    ),
    ("StockIndicators", "corr", "correlation"): Difference(
        "theirs takes raw sums of squares apart and loses digits, ours deviations", limit=2e-8
    ),
    ("StockIndicators", "ToAdx()", "adx"): Difference(_SEED.format(*_SUMS), 30),
    ("StockIndicators", "ToAdx()", "dx"): Difference(_SEED.format(*_SUMS), 30),
    ("StockIndicators", "ToDema(20)", "dema"): Difference(_SEED.format(*_STAGES), 60),
    ("StockIndicators", "ToTema(20)", "tema"): Difference(_SEED.format(*_STAGES), 150),
    ("StockIndicators", "ToTrix(20)", "trix"): Difference(_SEED.format(*_STAGES), 150),
    ("StockIndicators", "ToT3()", "t3"): Difference(_SEED.format(_FIRST, _MEAN), 30),
    ("StockIndicators", "ToStoch(9,3,3,5,4,MaType.SMMA)", "kdj"): Difference(
        "seeded otherwise; the difference fades", 30
    ),
    ("TA-Lib run", "btcusd", "obv"): Difference(INPUTS, limit=1e-8),
    ("Lean", "spy_with_indicators", "sma"): Difference(INPUTS, limit=1e-6),
    ("Lean", "spy_apo", "apo"): Difference(
        "theirs is made of simple averages, ours of exponential ones", limit=float("inf")
    ),
    ("Lean", "spy_ppo", "ppo"): Difference(
        "theirs is made of simple averages, ours of exponential ones", limit=float("inf")
    ),
    ("Lean", "spy_atr_wilder", "atr"): Difference(
        _SEED.format("the first bar's own range too", "ranges from the second bar on"), 200
    ),
    ("Lean", "spy_cmf", "cmf"): Difference(INPUTS, limit=1e-4),
    ("Lean", "spy_crsi", "crsi"): Difference(
        "an unchanged close keeps the streak there and ends it here (as in StockIndicators)",
        limit=0.5,
    ),
    ("Lean", "spy_mass_index_25", "massi"): Difference(_SEED.format(_FIRST, _MEAN), 130),
    ("Lean", "spy_with_McGinleyDynamic", "mcginley"): Difference(
        _SEED.format("a simple mean", _FIRST), 222
    ),
    ("Lean", "spy_with_adx", "adx"): Difference(_SEED.format(*_SUMS), 300),
    ("Lean", "spy_with_adx", "adxr"): Difference(_SEED.format(*_SUMS), 300),
    ("Lean", "spy_with_cci", "cci"): Difference(INPUTS, limit=1e-2),
    ("Lean", "spy_with_macd", "macd"): Difference(INPUTS, limit=1e-2),
    ("Lean", "spy_with_obv", "obv"): Difference(INPUTS, limit=1e-4),
    ("Lean", "spy_with_rocp50", "roc"): Difference(INPUTS, limit=1e-3),
    ("Lean", "spy_with_stoch12k3", "stoch"): Difference(INPUTS, limit=1e-4),
    ("Lean", "spy_with_williamsR14", "willr"): Difference(INPUTS, limit=1e-3),
    ("Lean", "dwac_supertrend", "supertrend"): Difference(
        _FEW + "the first bar's own range", limit=0.03
    ),
    ("StockCharts", "cs-fi", "efi"): Difference(_FEW + "the first value", limit=10),
    ("StockCharts", "cs-ppo", "ppo"): Difference(_FEW + "the first value", limit=10),
    ("StockCharts", "cs-rsi", "rsi"): Difference(_FEW + "the first change", limit=0.2),
    ("StockCharts", "cs-stc", "stc"): Difference(_FEW + "the first value", limit=2),
    ("ta4j", "SMMA", "rma"): Difference(_SEED.format(_FIRST, _MEAN), 120),
    ("Tulip", "untest/3", "atr"): Difference(_FEW + "the first bar's own range", limit=0.1),
    ("Tulip", "untest/14", "ema"): Difference(_FEW + "the first value", limit=0.01),
    ("Tulip", "untest/21", "kvo"): Difference(_FEW + "the first value", limit=10),
    ("Tulip", "untest/24", "macd"): Difference(_FEW + "the first value", limit=0.05),
    ("Tulip", "untest/30", "natr"): Difference(_FEW + "the first bar's own range", limit=0.1),
    ("Tulip", "untest/31", "obv"): Difference(_OBV, limit=float("inf")),
    ("Tulip", "untest/32", "ppo"): Difference(_FEW + "the first value", limit=2),
    ("Tulip", "untest/46", "hv"): Difference(
        "theirs is the population deviation of simple returns, ours the sample one of log returns",
        limit=0.13,
    ),
    ("Tulip", "atoz/1", "adxr"): Difference(
        "theirs reaches back a bar less for the earlier ADX, and seeds otherwise", limit=0.15
    ),
    ("Tulip", "atoz/9", "macd"): Difference(_FEW + "the first value", limit=5),
    ("Tulip", "atoz/13", "sar"): Difference(
        "the first bars' direction is found otherwise; equal from bar 8 on", 8
    ),
    ("cinar", "momentum/connors_rsi", "crsi"): Difference(
        "its sheet fits no smoothing and no alignment of the three parts; ours is StockIndicators'",
        limit=10,
    ),
    ("cinar", "momentum/pvo", "pvo"): Difference("its warm-up is written as zero", 34),
    ("cinar", "trend/wma", "wma"): Difference(
        "theirs gives the oldest price the largest weight", limit=0.1
    ),
    ("cinar", "trend/weighted_close", "wclprice"): Difference(
        "its column repeats the close", limit=0.05
    ),
    ("cinar", "volume/nvi", "nvi"): Difference("its first value is written as zero", 1),
}


def difference(reference: Reference) -> Difference | None:
    """What is known to differ from a reference; None when nothing does."""
    return _DIFFERENCES.get((reference.source, reference.sheet, reference.name))


def named() -> int:
    """How many differences there are."""
    return len(_DIFFERENCES)
