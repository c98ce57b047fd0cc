"""How an analyst writes: templates held back, which grounding was never tuned on.

They were written before anything was measured on them and are used for the measure alone. The
first set held back became part of the tuning when its misses were looked at.
"""

HELD = (
    "Shares in {An} closed the day at {last}, {updown} {pct} from {prev}.",
    "{A} ({An}) is priced at {last}. Its range so far today: {low} - {high}.",
    "Turnover in {A} amounts to {vol} shares; {B} managed {vol2}.",
    ("After a start at {open}, {A} worked its way to {last}. The low of the session was {low}."),
    "{An} is quoted {bid} to {ask}, with the last deal done at {last}.",
    (
        "Put side by side, {A} costs {last} and {B} costs {last2}, so the two differ by "
        "{lastgap:exact}."
    ),
    "{A} moved {pct:s} and {B} moved {pct2:s}.",
    "The company behind {A} is worth {cap:c} on the market, {pe:x} its trailing earnings.",
    ("A P/E of {pe} makes {An} no bargain, though the forward P/E of {fpe} tells another story."),
    ("From its 52-week low of {ylow}, {A} has recovered {overyear}; the 52-week high is {yhigh}."),
    ("EPS of {An} is {eps:exact}, its book value {book:exact}, its average volume {avgvol}."),
    ("| Symbol | Price | Change | P/E |\n|---|---|---|---|\n| {A} | {last} | {pct:s} | {pe} |\n"),
    "{S} stood at {ci} at the close of {di}.",
    "The high of {hi} and the low of {li} on {di} frame the close of {S} at {ci}.",
    (
        "{S} advanced or retreated {rise:s} between {di}, when it closed at {ci}, and "
        "{dj}, when it closed at {cj}."
    ),
    "In {month:month}, {S} peaked at {mhigh} and bottomed at {mlow}.",
    "The all-time high of {S} in this data is {top} ({dtop}).",
    ("{S} trades at {cz}, against averages of {mean20} over 20 days and {mean50} over 50 days."),
    "The RSI (14) of {S} is at {rsi}.",
    "During the last 20 sessions {S} moved between {low20} and {high20}.",
    "The biggest weights are {H} at {w1} and {K} at {w2}.",
    "{H}: {q1} shares, bought at {cost1}, worth {v1} today.",
    "The portfolio's NAV is {nav}, up or down {gain} from {begun}.",
    "Volatility of {vola} and a Sharpe ratio of {sharpe} go with a total return of {twr}.",
    (
        "VaR (95 %, one day): {var95}. VaR (99 %, one day): {var99}. Expected shortfall "
        "(95 %): {es95}."
    ),
    "Peak to trough the portfolio lost {depth}, between {dpeak} and {dtrough}.",
)
