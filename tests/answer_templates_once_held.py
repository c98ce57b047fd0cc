"""How an analyst writes: what was once held back, and tuned on after its misses were looked at."""

ONCE_HELD = (
    (
        "Shares of {An} were last seen at {last}, {pct} {higher} than the {prev} at "
        "which they finished the previous session."
    ),
    "{A}: {last} ({pct:s}). Day range {low}–{high}. Volume {vol}.",
    (
        "Quick look at {A}. The stock changed hands at {last} most recently and {gained} "
        "{pct}. Turnover came to {vol} shares."
    ),
    (
        "{B} printed a low of {low2} and a high of {high2}; it is now quoted at {last2}. "
        "{A}, by contrast, stands at {last}."
    ),
    "Comparing {A} with {B}: {last} versus {last2}, a difference of {lastgap:exact}.",
    "Combined, {A} and {B} traded {bothvol} shares.",
    (
        "With the price at {last}, {An} sits {offyear} off its 52-week high ({yhigh}) "
        "and {overyear} above its 52-week low ({ylow})."
    ),
    (
        "Valuation: {A} trades on {pe:x} trailing and {fpe:x} forward earnings, and its "
        "market capitalisation is {cap:c}."
    ),
    "{An} earns {eps:exact} per share; book value is {book:exact}.",
    (
        "| | {A} | {B} |\n|---|---|---|\n| Last | {last} | {last2} |\n| Open | {open} | "
        "{open2} |\n| High | {high} | {high2} |\n"
    ),
    "{S} finished {di} at {ci}, having opened at {oi}.",
    ("The close of {S} on {di} was {ci}. By {dj} it had reached {cj}, a {gainword} of {rise}."),
    "From {di} to {dj}, {S} went from {ci} to {cj} ({rise:s}).",
    "{S} set its high for the period, {top}, on {dtop}, and its low was {bottom}.",
    "At {cz} the latest close of {S} is compared with a 20-day mean of {mean20}.",
    "RSI(14) for {S} is {rsi}; the last close is {cz}.",
    "For {month:month}, the highest price of {S} was {mhigh}, the lowest {mlow}.",
    "Volume in {S} was {vi} on {di}.",
    "{S} last closed at {cz} and {T} at {tz}.",
    "Your largest risk is concentration: {H} weighs {w1} and {K} {w2}, {w12} in total.",
    (
        "NAV stands at {nav}. On a one-day 95 % VaR of {var95}, about one day in twenty "
        "costs more than that."
    ),
    (
        "The book of {many} positions started at {begun} and returned {twr}; annualised "
        "volatility is {vola}."
    ),
    "The worst drawdown, {depth}, began on {dpeak} and bottomed on {dtrough}.",
    (
        "{H} was bought at {cost1} on average; at {price1} the position of {q1} shares "
        "is worth {v1}."
    ),
    ("> Note: {A} at {last}, bid {bid}, offer {ask}.\n\nThat is {overlow} above the session low."),
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
