"""Every number a sentence of the rules analyst turns on; docs/analyst.md lists what they mean."""

from tio.api.market import Timeframe

BARS = 300
"""Bars asked of each timeframe: a year of days, and enough for the slowest average."""
YEAR = 252
"""Days the range, and the place of ATR within its own past, are told over."""
WEIGHTS = {Timeframe.w1: 1.0, Timeframe.d1: 2.0, Timeframe.h1: 1.0, Timeframe.m15: 0.5}
"""What a timeframe's state counts for in the view."""
SLOPE_BARS = 10
SLOPE_ATR = 0.5
"""The 50-bar average slopes when it moved more than so many ATR within SLOPE_BARS bars."""
ADX_TREND = 20.0
"""Below, there is no directional trend, and the state counts half."""
RSI_UP, RSI_DOWN = 55.0, 45.0
RSI_HOT, RSI_COLD = 70.0, 30.0
MOMENTUM_SHARE = 0.5
"""Momentum's weight beside its timeframe's trend."""
CALM, WILD = 20.0, 80.0
"""Percentiles of ATR (in percent of price) within its own year."""
VOLUME_BARS = 20
THIN, HEAVY = 0.7, 1.5
"""The newest day's volume by the average of the days before it."""
SWING = 3
"""A swing is a bar beyond so many on either side of it."""
NEAR_ATR = 0.5
"""A level nearer than so many daily ATR is near."""
LEAN, STRONG = 0.2, 0.6
"""Scores from which the bias is 1 and 2."""
FRESH_HOURS = 96.0
"""A newest closed day older than this (a long weekend) is stale."""
FEW_TRADES = 20
"""Fewer closed trades than this prove nothing."""
AHEAD_DAYS = 30
MEDIUM, HIGH = 0.4, 0.7
"""Scores from which confidence is medium and high."""
