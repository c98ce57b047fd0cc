"""Every number a sentence of the rules analyst turns on; docs/analyst.md lists what they mean."""

from tio.api.market import Timeframe

BARS = 300
"""Bars asked of each timeframe: a year of days, and enough for the slowest average."""
STATE_BARS = 40
"""Bars told of a daily trend's state alone; those that warm it up are not counted."""
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
UNHEARD = 0.35
"""What a report is worth at most whose quotes are stale, flagged or missing."""
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
LARGE, LARGE_THREE = 25.0, 60.0
"""Percent of net value from which one position, and three together, are a concentration."""
CASH_HEAVY = 50.0
"""Percent of net value in cash that is said to be much."""
ROWS = 12
"""Rows of a table of positions or groups."""
BEST = 3
"""How many of the best and of the worst are named."""
VAR_TRUSTED = 0.05
"""A back-test of value at risk less likely than this by chance is not to be trusted."""
CARRIES = 1.5
"""A position that carries so many times its weight of the risk is named."""
SHOCK = "-0.2"
"""The fall of the market a risk review asks for."""
ENOUGH_TRADES = 100
"""Closed trades from which a journal's figures are full evidence."""
BEYOND_PLAN = -1.1
"""A trade that lost more than so many R lost more than was planned, slippage allowed."""
WELL_PAID, POORLY_PAID = 2.0, 1.0
"""Reward by risk from which a plan pays well, and under which it pays poorly."""
NOISE, WIDE = 0.5, 5.0
"""Daily ATR to the stop under which it stands within the noise, and from which it is wide."""
REACH = 2.0
"""A target beyond so many ATR times the root of the days left is far for its time."""
RISK_SHARE = 2.0
"""Percent of equity an idea may risk before that is much."""
FEW_CARDS = 10
"""Fewer scored cards than this tell nothing of the next."""
CHECK = {
    "reward": 1.0,
    "stop": 0.5,
    "reach": 0.5,
    "trend": 1.0,
    "momentum": 0.5,
    "levels": 0.5,
    "event": 0.5,
    "size": 1.0,
    "refused": 1.0,
    "record": 1.0,
    "evidence": 0.25,
}
"""What each finding weighs in the check of an idea."""
HANDFUL = 5
"""Winners and losers from which their holding times are compared."""
KEPT = 1.5
"""Losers held so many times as long as winners are said to be kept."""
