"""The reference answers our indicators are compared with, and where definitions differ."""

from indicator_references import Reference

from tio.engine.indicators.declare import Value


def _named(name: str, columns: str) -> dict[str, str]:
    """`ours=theirs other=theirs`; a single word is theirs for the output of our name."""
    pairs = (each.split("=") for each in columns.split())
    return {pair[0] if len(pair) > 1 else name: pair[-1].replace("~", " ") for pair in pairs}


def _stock(name: str, file: str, columns: str, **params: Value) -> Reference:
    return Reference("StockIndicators", f"{file}.csv.gz", name, _named(name, columns), params)


def _sheet(
    source: str, name: str, file: str, columns: str, scale: float = 1.0, **params: Value
) -> Reference:
    return Reference(source, file, name, _named(name, columns), params, scale)


def _lean(name: str, file: str, columns: str, **rest: Value) -> Reference:
    return _sheet("Lean", name, f"lean/{file}.gz", columns, 1.0, **rest)


def _tulip(name: str, file: str, columns: str, **rest: Value) -> Reference:
    return _sheet("Tulip", name, file, columns, 1.0, **rest)


def _cinar(name: str, file: str, columns: str, **rest: Value) -> Reference:
    return _sheet("cinar", name, f"{file}.csv", columns, 1.0, **rest)


def _charts(name: str, file: str, columns: str, **rest: Value) -> Reference:
    file = f"stockcharts_ta/cs-{file}.csv"
    return _sheet("StockCharts", name, file, columns, 1.0, **rest)


STOCK = (
    _stock("ad", "adl", "adl"),
    _stock("money_flow", "adl", "flow=moneyFlowVolume"),
    _stock("alligator", "alligator", "jaw=jaw teeth=teeth lips=lips"),
    _stock("alma", "alma", "alma"),
    _stock("atr_stop", "atr-stop", "stop=atrStop"),
    _stock("atr", "atr", "atr"),
    _stock("natr", "atr", "atrp"),
    _stock("trange", "atr", "tr"),
    _stock("bbands", "bb", "upper=upperBand middle=sma lower=lowerBand percent_b=percentB "
           "bandwidth=width"),
    _stock("zscore", "bb", "zScore"),
    _stock("beta", "beta", "beta", length=50),
    _stock("bop", "bop", "bop"),
    _stock("cci", "cci", "cci"),
    _stock("adosc", "chaikin-osc", "oscillator"),
    _stock("chandelier", "chexit", "long=chandelierExit"),
    _stock("chop", "chop", "chop"),
    _stock("cmf", "cmf", "cmf"),
    _stock("correlation", "corr", "correlation"),
    _stock("crsi", "crsi", "connorsRsi"),
    _stock("ema", "ema", "ema"),
    _stock("fcb", "fcb", "upper=upperBand lower=lowerBand"),
    _stock("fisher", "fisher", "fisher trigger=trigger"),
    _stock("efi", "force", "forceIndex", length=2),
    _stock("heikin_ashi", "heikinashi", "open=open high=high low=low close=close"),
    _stock("hma", "hma", "hma", length=14),
    _stock("ichimoku", "ichimoku", "tenkan=tenkanSen kijun=kijunSen span_a=senkouSpanA "
           "span_b=senkouSpanB"),
    _stock("kama", "kama", "kama"),
    _stock("er", "kama", "er"),
    _stock("keltner", "keltner", "upper=upperBand middle=centerline lower=lowerBand"),
    _stock("kvo", "kvo", "kvo=oscillator signal=signal"),
    _stock("macd", "macd", "macd signal=signal histogram=histogram"),
    _stock("mama", "mama", "mama=mama fama=fama", price="hl2"),
    _stock("mfi", "mfi", "mfi"),
    _stock("obv", "obv", "obv"),
    _stock("sar", "psar", "sar"),
    _stock("pvo", "pvo", "pvo signal=signal histogram=histogram"),
    _stock("rsi", "rsi", "rsi"),
    _stock("avgdev", "sma-analysis", "mad", length=20),
    _stock("sma", "sma", "sma"),
    _stock("smi", "smi", "smi signal=signal"),
    _stock("rma", "smma", "smma"),
    _stock("stddev", "stdev", "stdDev", length=14),
    _stock("stochrsi", "stoch-rsi", "k=stochRsi d=signal", smooth=1),
    _stock("supertrend", "supertrend", "superTrend"),
    _stock("tsi", "tsi", "tsi signal=signal"),
    _stock("ulcer", "ulcer", "ulcerIndex"),
    _stock("volatility_stop", "vol-stop", "stop=sar"),
    _stock("willr", "willr", "williamsR"),
    _stock("wma", "wma", "wma", length=14),
)  # fmt: skip


def _spot(name: str, call: str, columns: str, late: int = 0, **params: Value) -> Reference:
    """Single values that a call of StockIndicators is told to answer."""
    file = f"Bars.To{call}"
    return Reference("StockIndicators", file, name, _named(name, columns), params, late=late)


SPOTS = (
    _spot("adx", "Adx()", "adx=Adx plus_di=Pdi minus_di=Mdi"),
    _spot("dx", "Adx()", "Dx"),
    _spot("ao", "Awesome()", "Oscillator"),
    _spot("cmf", "Cmf()", "Cmf"),
    _spot("cmo_raw", "Cmo(14)", "cmo=Cmo"),
    _spot("dema", "Dema(20)", "Dema"),
    _spot("mcginley", "Dynamic(14)", "Dynamic", k=0.6),
    _spot("elder_ray", "ElderRay()", "bull=BullPower bear=BearPower"),
    _spot("lsma", "Epma(20)", "Epma"),
    _spot("fractals", "Fractal()", "high=FractalBear low=FractalBull", late=2),
    _spot("fractals", "Fractal(4,4)", "high=FractalBear low=FractalBull", late=4, span=4),
    _spot("hma", "Hma(20)", "Hma"),
    _spot("ht_trendline", "HtTrendline()", "trendline=Trendline", price="hl2"),
    _spot("ht_dcperiod", "HtTrendline()", "period=DcPeriods", price="hl2"),
    _spot("envelope", "MaEnvelopes(20)", "upper=UpperEnvelope middle=Centerline"),
    _spot("starc", "StarcBands(smaPeriods,multiplier,atrPeriods)",
          "upper=UpperBand middle=Centerline lower=LowerBand", length=20, atr_length=14),
    _spot("stoch", "Stoch(lookbackPeriods,signalPeriods,smoothPeriods)", "k=K d=D"),
    _spot("kdj", "Stoch(9,3,3,5,4,MaType.SMMA)", "k=K d=D"),
    _spot("t3", "T3()", "T3"),
    _spot("tema", "Tema(20)", "Tema"),
    _spot("trix", "Trix(20)", "Trix", length=20),
    _spot("ultosc", "Ultimate()", "Ultimate"),
    _spot("vortex", "Vortex(14)", "plus=Pvi minus=Nvi"),
    _spot("wma", "Wma(20)", "Wma"),
)  # fmt: skip

_RUN: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("sma", "sma20", {}), ("ema", "ema20", {}), ("wma", "wma20", {}), ("dema", "dema20", {}),
    ("tema", "tema20", {}), ("kama", "kama10", {}), ("rsi", "rsi14", {}),
    ("macd", "macd=macd signal=macd_signal histogram=macd_hist", {}),
    ("bbands", "upper=bb_up middle=bb_mid lower=bb_low", {}), ("atr", "atr14", {}),
    ("natr", "natr14", {}), ("adx", "adx=adx14 plus_di=plus_di14 minus_di=minus_di14", {}),
    ("stoch", "k=stoch_k_14_3_3 d=stoch_d_14_3_3", {}), ("willr", "willr14", {}),
    ("cci", "cci20", {}), ("mfi", "mfi14", {}), ("obv", "obv", {}), ("ad", "ad", {}),
    ("roc", "roc10", {}), ("mom", "mom10", {}), ("sar", "sar", {}),
    ("aroon", "down=aroon_dn up=aroon_up", {"length": 14}), ("trix", "trix15", {}),
    ("ultosc", "ultosc", {}), ("stddev", "stddev20", {}), ("lsma", "linreg14", {"length": 14}),
    ("cmo", "cmo14", {}),
)  # fmt: skip
RUN = tuple(
    Reference("TA-Lib run", f"talib_run/{file}.csv.gz", name, _named(name, columns), params)
    for file in ("spy", "eurusd_h", "btcusd")
    for name, columns, params in _RUN
    if file != "eurusd_h" or name not in ("mfi", "obv", "ad")
)

LEAN = (
    _lean("ao", "spy_ao.txt", "AO"),
    _lean("apo", "spy_apo.txt", "APO_5_10", fast=5, slow=10),
    _lean("atr", "spy_atr_wilder.txt", "Average~True~Range~14"),
    _lean("cmf", "spy_cmf.txt", "CMF_20"),
    _lean("coppock", "spy_coppock_curve.csv", "CoppockCurve"),
    _lean("crsi", "spy_crsi.csv", "crsi"),
    _lean("dema", "spy_dema.txt", "DEMA_5", length=5),
    _lean("ema", "spy_ema.csv", "EMA14", length=14),
    _lean("heikin_ashi", "spy_heikin_ashi.txt", "open=HA_Open high=HA_High low=HA_Low "
          "close=HA_Close"),
    _lean("kama", "spy_kama.txt", "KAMA_5", length=5),
    _lean("er", "spy_ker.txt", "KER"),
    _lean("mama", "spy_mama.csv", "mama=mama fama=fama", price="hl2"),
    _lean("massi", "spy_mass_index_25.txt", "MassIndex"),
    _lean("highest", "spy_max.txt", "MAX_5", length=5),
    _lean("midpoint", "spy_midpoint.txt", "MIDPOINT_5", length=5),
    _lean("natr", "spy_natr.txt", "NATR_5", length=5),
    _lean("ppo", "spy_ppo.txt", "PPO_5_10", fast=5, slow=10),
    _lean("rvgi", "spy_rvi.txt", "rvgi=RVI signal=RVI_S"),
    _lean("trange", "spy_tr.txt", "TR"),
    _lean("trima", "spy_trima.txt", "TRIMA_5", length=5),
    _lean("trima", "spy_trima.txt", "TRIMA_6", length=6),
    _lean("trix", "spy_trix.txt", "TRIX_5", length=5),
    _lean("ultosc", "spy_ultosc.txt", "ULTOSC_7_14_28"),
    _lean("mcginley", "spy_with_McGinleyDynamic.csv", "McGinleyDynamic14"),
    _lean("adx", "spy_with_adx.txt", "adx=ADX~14 plus_di=+DI14 minus_di=-DI14"),
    _lean("adxr", "spy_with_adx.txt", "ADXR~14"),
    _lean("cci", "spy_with_cci.txt", "Commodity~Channel~Index~(CCI)~14", length=14),
    _lean("ibs", "spy_with_ibs.csv", "IBS"),
    _lean("ichimoku", "spy_with_ichimoku.csv", "tenkan=Tenkan kijun=Kijun span_a=Senkou~A "
          "span_b=Senkou~B"),
    _lean("sma", "spy_with_indicators.txt", "SMA14", length=14),
    _lean("rsi", "spy_with_indicators.txt", "RSI~14~Wilder"),
    _lean("kvo", "spy_with_kvo.csv", "KVO5_10", fast=5, slow=10),
    _lean("macd", "spy_with_macd.txt", "macd=MACD signal=Signal histogram=Histogram"),
    _lean("obv", "spy_with_obv.txt", "OBV"),
    _lean("roc", "spy_with_rocp50.txt", "Rate~of~Change~%~50", length=50),
    _lean("stoch", "spy_with_stoch12k3.txt", "k=Stochastics~12~%K~3 d=%D~5", length=12, signal=5),
    _lean("willr", "spy_with_williamsR14.txt", "Williams~%R~14"),
    _lean("supertrend", "dwac_supertrend.txt", "Super"),
    _lean("frama", "frama.txt", "Filt"),
    _lean("accbands", "spy_acceleration_bands_20_4.txt", "middle=MiddleBand"),
)  # fmt: skip

CHARTS = (
    _charts("ad", "accum", "ADLine"),
    _charts("bbands", "bbands", "upper=HighBand middle=MiddleBand lower=LowBand"),
    _charts("donchian", "dc", "upper=upper_band lower=lower_band middle=middle_band"),
    _charts("efi", "fi", "FI"),
    _charts("mfi", "mfi", "MFI"),
    _charts("willr", "percentr", "Williams_%R"),
    _charts("ppo", "ppo", "ppo=PPO signal=PPO_Signal_Line histogram=PPO_Histogram"),
    _charts("rsi", "rsi", "RSI"),
    _charts("stoch", "soo", "k=SO d=SO_SIG", smooth=1),
    _charts("stc", "stc", "stc"),
    _charts("ulcer", "ui", "ulcer_index"),
    _charts("ultosc", "ultosc", "Ult_Osc"),
    _charts("vortex", "vortex", "plus=+VI14 minus=-VI14"),
    _sheet("ta4j", "rma", "ta4j/SMMA.csv.gz", "SMMA", length=10),
    _sheet("ta4j", "lsma", "ta4j/LSMA3.csv.gz", "LSMA~Expected"),
    _sheet("Lean", "dpo", "lean/spy_dpo.csv.gz", "DPO", length=21),
)

TULIP = (
    _tulip("adosc", "untest/1", "adosc", fast=2, slow=5),
    _tulip("atr", "untest/3", "atr", length=5),
    _tulip("avgprice", "untest/4", "avgprice"),
    _tulip("bop", "untest/5", "bop", length=1),
    _tulip("cci", "untest/6", "cci", length=5),
    _tulip("dm", "untest/13", "plus_dm=plus_dm minus_dm=minus_dm", length=5),
    _tulip("ema", "untest/14", "ema", length=5),
    _tulip("emv", "untest/15", "emv", length=1),
    _tulip("fisher", "untest/16", "fisher trigger=fisher_signal", length=5),
    _tulip("fosc", "untest/18", "fosc", length=5),
    _tulip("hma", "untest/19", "hma", length=5),
    _tulip("kama", "untest/20", "kama", length=5),
    _tulip("kvo", "untest/21", "kvo", fast=2, slow=5),
    _tulip("slope", "untest/22", "linregslope", length=5),
    _tulip("macd", "untest/24", "macd signal=macd_signal", fast=2, slow=5),
    _tulip("highest", "untest/25", "max", length=5),
    _tulip("lowest", "untest/28", "min", length=5),
    _tulip("medprice", "untest/26", "medprice"),
    _tulip("mfi", "untest/27", "mfi", length=5),
    _tulip("natr", "untest/30", "natr", length=5),
    _tulip("obv", "untest/31", "obv"),
    _tulip("ppo", "untest/32", "ppo", fast=2, slow=5, signal=1),
    _tulip("rsi", "untest/36", "rsi", length=5),
    _tulip("sma", "untest/37", "sma", length=5),
    _tulip("typprice", "untest/43", "typprice"),
    _tulip("ultosc", "untest/44", "ultosc", fast=2, middle=3, slow=5),
    _tulip("vhf", "untest/45", "vhf", length=5),
    _sheet("Tulip", "hv", "untest/46", "hv=volatility", 0.01, length=5),
    _tulip("wad", "untest/47", "wad"),
    _tulip("willr", "untest/48", "willr", length=5),
    _tulip("wma", "untest/49", "wma", length=5),
    _tulip("dm", "atoz/4", "plus_dm=plus_dm minus_dm=minus_dm"),
    _tulip("adxr", "atoz/1", "adxr"),
    _tulip("macd", "atoz/9", "macd signal=macd_signal histogram=macd_histogram"),
    _tulip("mfi", "atoz/11", "mfi"),
    _tulip("sar", "atoz/13", "psar"),
    _tulip("rsi", "atoz/15", "rsi", length=5),
    _tulip("ultosc", "atoz/18", "ultosc"),
)

CINAR = (
    _cinar("ao", "momentum/awesome_oscillator", "Ao"),
    _cinar("crsi", "momentum/connors_rsi", "ConnorsRsi"),
    _cinar("elder_ray", "momentum/elder_ray", "bull=BullPower bear=BearPower", length=3),
    _cinar("pvo", "momentum/pvo", "pvo=Pvo signal=Signal histogram=Histogram"),
    _cinar("willr", "momentum/williams_r", "WilliamsR"),
    _cinar("accbands", "volatility/acceleration_bands", "upper=Upper middle=Middle lower=Lower"),
    _cinar("rma", "trend/smma", "Smma", length=7),
    _cinar("tema", "trend/tema", "Tema", length=20),
    _cinar("trima", "trend/trima_odd", "Trima", length=15),
    _cinar("wclprice", "trend/weighted_close", "WeightedClose"),
    _cinar("wma", "trend/wma", "Wma5", length=5),
    _cinar("money_flow", "volume/mfv", "flow=Mfv"),
    _cinar("envelope", "trend/envelope_sma", "upper=Upper middle=Middle lower=Lower", percent=20.0),
    _cinar("nvi", "volume/nvi", "Nvi"),
)

REFERENCES = (*STOCK, *SPOTS, *RUN, *LEAN, *CHARTS, *TULIP, *CINAR)
