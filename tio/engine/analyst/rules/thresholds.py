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
DAYS = 400
"""Daily bars asked where a year is told: more than a market without holidays has in one."""
SPANS = {"1w": 7, "1m": 30, "3m": 91, "1y": 365}
"""Days back of each return that is told."""
CORRELATED = 250
"""Shared daily returns a correlation is taken of at most, and enough to be sure of it at half."""
TOGETHER, LOOSELY = 0.7, 0.3
"""Correlations from which two move together, and together loosely."""
APART = 5.0
"""Points two returns are apart to be told as a difference."""
LIVELIER = 1.5
"""Times the volatility of another to be told as a difference."""
FELL = 10.0
"""Percent below the year's highest close to be told as a fall."""
LIST_MOST = 60
"""Symbols of a watchlist a morning brief looks at."""
MOVERS = 12
"""Rows of the table of movers."""
MOVED = 1.0
"""A move from so many daily ATR is worth a word."""
GAPPED = 0.5
"""An opening so many ATR from the close before it is a gap."""
RANGE_DAYS = 20
"""Days whose high and low are levels to pass."""
SOON_DAYS = 7
"""Events within so many days are told of a list."""
NEXT_DAYS = 2
"""An event within so many days is worth a look by itself."""
NEAR_ORDER = 1.0
"""A working order nearer than so many percent of the price is about to fill."""
LOOK = {
    "moved": 1.0,
    "gap": 0.5,
    "year": 2.0,
    "range": 1.0,
    "average": 1.0,
    "state": 1.0,
    "rsi": 0.5,
    "event": 1.5,
    "position": 0.5,
    "order": 0.5,
    "near_order": 1.5,
}
"""What each finding adds to how much a symbol is worth a look; `moved` counts for each ATR."""
CANDIDATES, PEERS = 30, 8
"""Symbols of the watchlists that are looked at as peers, and how many at most are taken."""
PEER = 0.3
"""Correlation over the year before from which a symbol is a peer."""
OWN = 1.0
"""Deviations of what peers do not explain from which a move is its own."""
ORDINARY = 50.0
"""A move no larger than this percentile of those before needs no reason."""
AVERAGE = 50
"""Days of the average a move may pass."""
