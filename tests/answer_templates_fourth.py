"""How an analyst writes: a fourth set, written before the misses of the third were looked at.

Measured once before it was tuned on: 99.5 % caught, 6.8 % flagged.

`[[14]]` is a number that claims nothing and must be left alone; `[!188.00!]` one that is invented.
"""

FOURTH = (
    "{Ac} last changed hands at {last}.",
    "{A} now: {last}. Day's change: {pct:s}.",
    "Right now {Ac} trades for {last}, having closed at {prev} a day earlier.",
    "The latest price of {A} is {last}, {pct} {higher} than the previous close of {prev}.",
    "{A} opened the day at {open}, peaked at {high} and bottomed out at {low}.",
    "Today's low for {A}: {low}. Today's high: {high}.",
    "Today's volume in {A} is {vol} shares, against {vol2} in {B}.",
    "So far {vol} shares of {Ac} have been exchanged.",
    "For {A}, the bid is {bid}, the ask is {ask} and the last price is {last}.",
    "{A} closed {pct} {higher} at {last}; {B} closed {pct2} {higher2} at {last2}.",
    "Shares of {Ac} are {updown} {pct} at {last}.",
    "{A} is trading {offhigh} below today's high of {high}.",
    "{A} is trading {overlow} above today's low of {low}.",
    "{A} is up or down by {chg:s} dollars, or {pct:s}, from {prev}.",
    "Price of {A}: {last}. Price of {B}: {last2}. Difference: {lastgap:exact}.",
    "**{A}**: {last} (prev. close {prev}); **{B}**: {last2} (prev. close {prev2})",
    (
        "| Ticker | Last | Chg % | Vol |\n|---|---:|---:|---:|\n"
        "| {A} | {last} | {pct:s} | {vol} |\n"
        "| {B} | {last2} | {pct2:s} | {vol2} |\n"
    ),
    "| | Open | High | Low | Last |\n|-|-|-|-|-|\n| **{A}** | {open} | {high} | {low} | {last} |\n",
    "> {Ac} at {last} on {day}.\n",
    "- Last price: {last}\n- Day range: {low}-{high}\n- Volume: {vol}\n\n(all for {A})",
    "As for valuation, {A} has a P/E ratio of {pe} and a forward P/E ratio of {fpe}.",
    "{Ac} has a market value of {cap:c}; its shares trade at {pe} times earnings.",
    "{A}: market cap {cap:c}, P/E {pe}, EPS {eps:exact}, dividend yield {yield}.",
    "The dividend yield of {Ac} is {yield}, that of {Bc} is {yield2}.",
    "{A}'s [[52]]-week range is {ylow}–{yhigh}.",
    "{A} is {offyear} below its [[52]]-week high of {yhigh}.",
    "{A} is {overyear} above its [[52]]-week low of {ylow}.",
    "The average volume of {A} is {avgvol}; today's is {vol}.",
    "On {di}, {S} opened at {oi}, hit a high of {hi} and a low of {li}, and closed at {ci}.",
    "{S} closed at {ci} on {di:ord}.",
    "The close on {di} was {ci} and on {dj} it was {cj}, so {S} {moved} {rise}.",
    "{S} {moved} by {rise} between {di} and {dj}.",
    "Volume in {S} on {di} was {vi}.",
    "The highest price of {S} in the period is {top} ({dtop}), the lowest {bottom}.",
    "The [[20]]-day average of {S} is {mean20} and its [[50]]-day average is {mean50}.",
    "{S}'s RSI([[14]]) stands at {rsi}.",
    "With the RSI at {rsi}, {S} is not above [[70]].",
    "{S} is {wholeword} {whole} since {d0}.",
    "{S} closed at {cz} on {dz}, after {cy} the day before.",
    "In {month:month} {S} traded as high as {mhigh} and as low as {mlow}.",
    "During {di:quarter} the high of {S} was {qhigh} and the low {qlow}.",
    "The [[50]]-day SMA of {S} is {sma}, and the close of {cz} is {oversma} {smaword} it.",
    (
        "| Date | Open | Close |\n|---|---|---|\n| {di} | {oi} | {ci} |\n| {dj} | | {cj} |\n\n"
        "Prices of {S}."
    ),
    "Your {q1} {H} shares are worth {v1}, or {w1} of the portfolio.",
    "{H} is your holding with {q1} shares at an average cost of {cost1}.",
    "{H}: {w1}. {K}: {w2}.",
    "The value of the portfolio is {nav}, including {cash:exact} in cash.",
    "{cash:exact} of the {nav} is cash ({cashw}).",
    "The total value of {H} and {K} is {v12}.",
    "The unrealised {unword} on {H} is {un1}; the position is worth {v1}.",
    "The Sharpe ratio is {sharpe}, the volatility {vola} and the maximum drawdown {depth}.",
    "The time-weighted return is {twr}.",
    "The [[95]]% one-day VaR is {var95} of the portfolio, the expected shortfall {es95}.",
    "The drawdown began on {dpeak} and reached its bottom of {depth} on {dtrough}.",
    "The beta of the portfolio is {beta}.",
    "I last saw {A} at [!$1,203.11!] in [!June 2024!].",
    "{A} trades at {last}, whereas [!WQRT!] trades at [!$88.13!].",
    "Analysts expect {A} to earn [!$713.25!] per share in [!2034!].",
    "{A} is at {last}. Its RSI([[14]]) is [!213.7!].",
    "The S&P [[500]] has [[500]] members; {A} trades at {last}.",
)
