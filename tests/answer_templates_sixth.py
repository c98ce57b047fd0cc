"""How an analyst writes: a sixth set, held back; nothing was ever tuned on it.

`[[14]]` is a number that claims nothing and must be left alone; `[!188.00!]` one that is invented.
"""

SIXTH = (
    "{A} is currently trading around {last:exact}, having opened at {open}.",
    "{A}'s last price was {last}, a move of {pct:s} from its previous close of {prev}.",
    "Looking at today's action, {A} hit an intraday high of {high} and an intraday low of {low}.",
    "{A} saw {vol} shares traded in total.",
    "In contrast to {B}, which is {updown2} {pct2}, {A} is {updown} {pct}.",
    "{A} ({pct:s}) and {B} ({pct2:s}) are the movers of the day.",
    "Both {A} at {last} and {B} at {last2} are liquid names.",
    "The stock, {A}, has a day range of {low} to {high}, and last traded at {last}.",
    "**{A} overview**\n\n1. Price: {last}\n2. Volume: {vol}\n3. P/E: {pe}\n",
    (
        "| | Price | Change |\n|---|---|---|\n| {A} | {last} | {pct:s} |\n"
        "| {B} | {last2} | {pct2:s} |\n"
    ),
    "{A}: bid {bid}, ask {ask}, last {last}.",
    "With a market cap of {cap:c}, {A} trades at a P/E of {pe}.",
    "The forward P/E for {A} is {fpe}, versus {pe} on a trailing basis.",
    "{A} reported EPS of {eps:exact}.",
    "{A} is trading {offyear} below its 52-week high and {overyear} above its 52-week low.",
    "The 52-week low and high of {A} are {ylow} and {yhigh}.",
    "The average daily volume for {A} is {avgvol}.",
    "{S} closed at {ci} on {di}, compared with {cj} on {dj}.",
    "On {di}, {S} traded between {li} and {hi}.",
    "The period high for {S} was {top} on {dtop}.",
    "{S} gained or lost {rise:s} between {di} and {dj}.",
    (
        "As of {dz}, {S} closed at {cz}, with a 20-day average of {mean20} and a 50-day average "
        "of {mean50}."
    ),
    "The current RSI for {S} is {rsi}.",
    "In {month:month}, the high for {S} was {mhigh}.",
    "Your largest positions are {H} ({w1}) and {K} ({w2}).",
    "You currently hold {q1} shares of {H} worth {v1}.",
    "Your total portfolio value is {nav}, with {cash:exact} held in cash.",
    "Your unrealised {unword} in {H} is {un1}.",
    "Your portfolio's Sharpe ratio is {sharpe}, and its maximum drawdown is {depth}.",
    "Your one-day VaR is {var95} at the [[95]]% confidence level.",
    "As an AI model trained until [!2023!], I recall {A} at [!$1,377.20!].",
    "{A} may rise to [!$2,801.55!] by [!Q4 2032!].",
)
