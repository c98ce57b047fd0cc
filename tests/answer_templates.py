"""How an analyst writes: the templates that grounding was tuned on."""

SEEN = (
    "{An} trades at {last}, {updown} {pct} on the day, with {vol} shares changing hands.",
    "{A} {rose} {pct} to {last}. It opened at {open} and ranged between {low} and {high}.",
    (
        "{A} last traded at {last} against a previous close of {prev}. The day's high of "
        "{high} is the level to watch; {A} stands {offhigh} below it."
    ),
    (
        "**{A}** is at {last} ({pct:s}), **{B}** at {last2} ({pct2:s}).\n\nThe two are "
        "{apart} apart today, with {A} {ahead} {B}."
    ),
    "While {An} {rose} {pct}, {Bn} {rose2} {pct2} and now changes hands at {last2}.",
    "{A} and {B} trade at {last} and {last2} respectively.",
    "- {A}: last {last}, volume {vol}\n- {B}: last {last2}, volume {vol2}\n",
    "The bid for {A} is {bid} and the ask {ask}, a spread of {spread:exact}.",
    (
        "{A} opened {gap} {gapword} the previous close of {prev}, and its intraday range "
        "is {span:exact}."
    ),
    (
        "| Symbol | Last | High | Low | Volume |\n|---|---|---|---|---|\n| {A} | {last} | "
        "{high} | {low} | {vol} |\n| {B} | {last2} | {high2} | {low2} | {vol2} |\n"
    ),
    "At {last}, {A} is {overlow} above the day's low of {low}.",
    (
        "{An} is valued at {cap:c}, or {pe:x} earnings of {eps:exact} a share. On "
        "forward estimates the multiple is {fpe:x}."
    ),
    (
        "The 52-week range of {A} runs from {ylow} to {yhigh}; the last price of {last} "
        "is {offyear} below the high."
    ),
    (
        "{An} has a trailing P/E of {pe} and a forward P/E of {fpe}. Its market cap is "
        "{cap:c} and its average daily volume {avgvol}."
    ),
    "On {di} {S} closed at {ci}, after a high of {hi} and a low of {li}.",
    "{S} closed at {ci} on {di} and at {cj} on {dj}: it {moved} {rise}.",
    "Between {di} and {dj} {S} {moved} {rise}, from {ci} to {cj}.",
    "{S} traded {vi} shares on {di}, when it opened at {oi} and closed at {ci}.",
    (
        "{S} ended the series at {cz} on {dz}. Its 20-day average stands at {mean20}, "
        "its 50-day average at {mean50}."
    ),
    "Over the last 20 bars the high of {S} was {high20} and the low {low20}.",
    "In {month:month} {S} reached a high of {mhigh} and a low of {mlow}.",
    (
        "{S} peaked at {top} on {dtop}; the RSI 14 now reads {rsi}, below the 70 that is "
        "called overbought."
    ),
    "Across all {bars} bars, {S} is {wholeword} {whole}.",
    "{H} makes up {w1} of the portfolio, {K} {w2}; together they are {w12}.",
    (
        "The portfolio is worth {nav}, of which {cash:exact} is cash. The two largest "
        "positions account for {top2}."
    ),
    (
        "You hold {q1} shares of {H} at an average cost of {cost1}, now priced at "
        "{price1}: an unrealised {unword} of {un1}."
    ),
    (
        "Since the start the portfolio {twrword} {twr}, with a volatility of {vola} and "
        "a Sharpe ratio of {sharpe}. Its deepest drawdown was {depth}, from {dpeak} to "
        "{dtrough}."
    ),
    (
        "The one-day value at risk is {var95} at 95 % and {var99} at 99 %; the expected "
        "shortfall at 95 % is {es95}."
    ),
    (
        "## Risk\n\n1. The position in {H} is worth {v1}.\n2. The portfolio holds {many} "
        "positions with a net asset value of {nav}.\n"
    ),
    "Of the two, {A} is the dearer at {last:about}; {B} costs {last2}.",
)
