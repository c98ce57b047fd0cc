"""How an analyst writes: what was first held back, and tuned on after its misses were looked at."""

FIRST_HELD = (
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
)
