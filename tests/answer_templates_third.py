"""How an analyst writes: a third set of wordings, by another hand.

It was never tuned on until it had been measured once: 96.5 % caught, 14.8 % flagged.

`[[14]]` is a number that claims nothing and must be left alone; `[!188.00!]` one that is invented.
"""

QUOTED = (
    "At present a share of {Ac} sets you back {last:usd}.",
    (
        "{last} – that is the last price I have for {A}, and it is {pct} {higher} than where it "
        "stood."
    ),
    "Down or up? {A}: {pct:s}. {B}: {pct2:s}.",
    "{Ac} shares: {last:word}. Yesterday they were {prev:word}.",
    ("Having started the session at {open}, {Ac} now stands at {last}, i.e. {chg:s} on the day."),
    "The high so far is {high}; the low so far is {low}. {A} itself is at {last}.",
    "Neither {A} ({last}) nor {B} ({last2}) has traded above its high, {high} and {high2}.",
    "{A} did not fall below {low} today, nor did it get past {high}.",
    "Volume? {vol:k} shares for {A}, {vol2:k} for {B}.",
    "{Ac} has seen {vol} shares trade, {volx:x} its usual {avgvol}.",
    "{vol} shares of {A} traded, which is {volratio:x} the {vol2} of {B}.",
    "In today's session {A} added or shed {pct:bp}.",
    "There's a {pct} {gainw} in {A} and a {pct2} {gainw2} in {B}.",
    "**Price:** {last}\n**Change:** {pct:s}\n**Volume:** {vol}\n\nAll of {A}.",
    "* {A} → {last}\n* {B} → {last2}\n",
    (
        "### {A}\n\nLast price {last}, open {open}, day range {low} – {high}.\n\n### {B}\n\nLast "
        "price {last2}, open {open2}, day range {low2} – {high2}.\n"
    ),
    "1. {A}: {last}\n2. {B}: {last2}\n",
    "[[1]]. **{Ac}** trades at {last}.\n[[2]]. **{Bc}** trades at {last2}.\n",
    (
        "| Name | {A} | {B} |\n|:--|--:|--:|\n| Price | {last} | {last2} |\n| Previous close | "
        "{prev} | {prev2} |\n| Change | {pct:s} | {pct2:s} |\n"
    ),
    (
        "| Metric | Value |\n|---|---|\n| Last ({A}) | {last} |\n| Day high ({A}) | {high} |\n| "
        "Day low ({A}) | {low} |\n"
    ),
    (
        "Buyers bid {bid} for {A}; sellers ask for {ask}. The mid-point between them would be "
        "{mid:exact}."
    ),
    "The quote for {Ac} is {bid}/{ask}, so the spread comes to {spread:exact}.",
    "{A}'s {low}–{high} range today is {span:exact} wide.",
    (
        "Trading in {A} has been confined to a band of {span:exact}: {low} at the bottom, {high} "
        "at the top."
    ),
    "From its low of {low}, {A} bounced by {overlow} to {last}.",
    "{A} sits {offhigh} beneath its best level of the day ({high}).",
    "The stock gapped: {A} opened {gap} {gapword} yesterday's close ({prev}).",
    "{Ac} is the more expensive share of the two: {last} as against {last2} for {Bc}.",
    "One share of {A} buys {ratio} shares of {B}.",
    "{B}'s price of {last2} and {A}'s price of {last} are {lastgap:exact} apart.",
    "The performance gap between {A} and {B} today is {apart}.",
    "All in all, {bothvol} shares of {A} and {B} were traded.",
    "When the market closed on {day}, {A} stood at {last}.",
    "Close on {day:uk}: {last} ({A}).",
    "Close on {day:us}: {last} ({A}).",
    "{A} (as of the {day:ord}): {last}, {pct:s}.",
    "Roughly {last:round} is what {Ac} costs, and roughly {last2:round} is what {Bc} costs.",
    "{A} trades at {last}; my own knowledge of it ends long before that.",
    "The S&P [[500]] is not part of this answer; {A} is, at {last}.",
    ("Whether {A} at {last} is cheap depends on whom you ask; [[100]]% certainty does not exist."),
)

INVENTED = (
    "As of my last update in [!September 2021!], {A} was trading at [!$1,188.00!].",
    "{A} trades at {last}. Meanwhile [!QZXT!] trades at [!$412.87!].",
    "The price target for {A} is [!$1,314.55!], according to three analysts.",
    "{Ac} reported revenue of [!$913.7 billion!] in [!Q3 2031!].",
    "{A} is at {last}, and I expect it to reach [!$2,950.25!] by [!March 2033!].",
    "The RSI([[14]]) of {A} is [!187.3!].",
    "Back in [!1987!], {A} cost [!$1,018.17!].",
    "{A} and [!VBKQ!] both trade near {last}.",
    "Historically {A} returned [!37.86%!] a year.",
    "The dividend of {A} was raised by [!18.43%!] in [!May 2012!].",
)

VALUED = (
    "{Ac} is worth {cap:c} on the stock market, {Bc} {cap2:c}.",
    "{Ac}'s market cap of {cap:c} is {capx:x} that of {Bc}, {cap2:c}.",
    "A trailing P/E of {pe} for {A} compares with {pe2} for {B}.",
    "{A} is on {pe:x} earnings, {B} on {pe2:x}: a difference of {pegap} turns.",
    "Earnings of {eps:exact} per share put {Ac} on a multiple of {pe}.",
    "You pay {pe:x} last year's profits for {A} and {fpe:x} next year's.",
    "The shares of {Ac} yield {yield}.",
    "A dividend yield of {yield:bp} is what {A} offers.",
    "{A} yields {yield} and {B} yields {yield2}.",
    "Book value: {book:exact} a share. EPS: {eps:exact}. ({A})",
    "Over the past [[52]] weeks {A} has been as low as {ylow} and as high as {yhigh}.",
    (
        "The [[52]]-week high for {Ac} is {yhigh}, the [[52]]-week low {ylow}, and at {last} it "
        "is {offyear} below the former."
    ),
    "{A} has come up {overyear} since its one-year low of {ylow}.",
    "It would take a move to {yhigh} for {A} to match its [[12]]-month high.",
    "On an average day about {avgvol} shares of {Ac} are traded.",
    ("| | P/E | Forward P/E | Market cap |\n|---|---|---|---|\n| {A} | {pe} | {fpe} | {cap:c} |\n"),
    ("| {A} | |\n|---|---|\n| P/E | {pe} |\n| EPS | {eps:exact} |\n| 52-week high | {yhigh} |\n"),
    (
        "- P/E (TTM): {pe}\n- P/E (forward): {fpe}\n- Market cap: {cap:c}\n\nThese are the "
        "figures for {A}."
    ),
    ("{A} is neither the cheapest nor the dearest: {pe} times earnings, and {yield} in dividends."),
    "Of the two, {Ac} is the bigger company ({cap:c}); or is it {Bc} ({cap2:c})?",
)

CHARTED = (
    "By the close of business on {di:ord}, {S} was changing hands for {ci}.",
    "{S}: O {oi}, H {hi}, L {li}, C {ci} ({di}).",
    "On {di:us}, {S} closed at {ci}.",
    "On {di:uk}, {S} closed at {ci}.",
    "The closing price of {S} for {di:ord} was {ci}, for {dj:ord} it was {cj}.",
    "{di}: {ci}\n{dj}: {cj}\n\nThat is {S}, and it {moved} {rise} in between.",
    "Had you held {S} from {di} through {dj}, you'd have made or lost {rise:s}.",
    "{S} went from {ci} ({di}) to {cj} ({dj}), a change of {rise:s}.",
    (
        "Between the close of {di} and that of {dj}, {S} moved by {points:plain} points, from "
        "{ci} to {cj}."
    ),
    "{S} rallied or slumped to {cj} by {dj}, having been at {ci} on {di}.",
    "The chart of {S} starts at {first} on {d0} and ends at {cz} on {dz}.",
    "Since {d0} {S} is {wholeword} {whole}, from {first} to {cz}.",
    "In {di:quarter}, {S} traded between {qlow} and {qhigh}.",
    "{S}'s high for {di:quarter} was {qhigh}.",
    "For the month of {month:month} the range of {S} was {mlow}–{mhigh}.",
    "{S} never traded higher than {top}, a level reached on {dtop}.",
    "The lowest price in the whole record of {S} is {bottom}; the highest is {top}.",
    "Over the most recent [[20]] sessions, {S} has stayed between {low20} and {high20}.",
    "Averaged over [[20]] days, {S} closed at {mean20}; over [[50]] days, at {mean50}.",
    "The [[50]]-day moving average of {S} stands at {sma}.",
    "SMA([[50]]) = {sma}; close = {cz}. ({S})",
    "{S} closed at {cz}, {oversma} {smaword} its [[50]]-day simple moving average of {sma}.",
    "With an RSI([[14]]) of {rsi}, {S} is neither above [[70]] nor below [[30]], or it is.",
    "Relative strength index for {S}: {rsi}.",
    "Momentum as measured by the RSI comes out at {rsi} for {S}.",
    "The most recent close of {S} ({cz}) follows one of {cy} the day before.",
    "{S} {movedz} {dayz} on the last day, to {cz}.",
    "Mean daily volume of {S} over the last [[20]] bars: {avgvol20}.",
    "{vi} units of {S} traded on {di}.",
    "On {di} {S} dipped to {li} before it recovered to {ci}.",
    "It was on {dtop} that {S} topped out, at {top}.",
    "{S}, {di}: high {hi}, low {li}. {S}, {dj}: high {hj}.",
    "{S} and {T} last closed at {cz} and {tz}.",
    "There are {bars} daily bars of {S} in the data.",
    "| Date | {S} close |\n|---|---|\n| {di} | {ci} |\n| {dj} | {cj} |\n",
    (
        "| {S} | Open | High | Low | Close |\n|---|---|---|---|---|\n| {di} | {oi} | {hi} | {li} "
        "| {ci} |\n"
    ),
    ("If {S} breaks {high20} (the [[20]]-day high), the next level is {top}, the top of {dtop}."),
    "A stop below the [[20]]-day low at {low20} would limit the loss on {S}.",
)

OWNED = (
    "You have {q1} shares of {H}; at {price1} apiece that comes to {v1}.",
    "{H} ({q1} shares) and {K} ({q2} shares) are together worth {v12}.",
    "Taken together, your {H} and {K} positions have a value of {v12}.",
    "The positions add up to {invested}; with the cash of {cash:exact} that makes {nav}.",
    "{cashw} of the account is cash.",
    "Cash on hand: {cash:exact}, i.e. {cashw} of the portfolio.",
    "Every position but {H} makes up the other {wrest} of the portfolio; {H} is {w1}.",
    "{H} is {w1} of your portfolio and {K} is {w2}, so the two are {w12} of it.",
    "Your paper {unword} on {H} is {un1}.",
    "{H} was bought at {cost1} and is at {price1} now.",
    "You're {unup} {un1} on {H} (average cost {cost1}).",
    "Unrealised result over all positions: {unall}.",
    ("| Holding | Weight | Value |\n|---|---|---|\n| {H} | {w1} | {v1} |\n| {K} | {w2} | {v2} |\n"),
    "- **{H}** – {q1} shares, {v1}, {w1}\n- **{K}** – {q2} shares, {v2}, {w2}\n",
    "Your portfolio consists of {many} positions and is worth {nav} in total.",
    "The two biggest positions are {top2} of the portfolio.",
    "Performance to date is {twr}, volatility {vola}.",
    "The portfolio's time-weighted return is {twr}; its Sharpe ratio is {sharpe}.",
    "Starting from {begun}, the account has grown or shrunk by {gain} to {nav}.",
    "The maximum drawdown was {depth}: from the peak on {dpeak} to the trough on {dtrough}.",
    "You lost {depth} from {dpeak} to {dtrough}, which is the worst stretch on record.",
    (
        "One day in twenty you should expect to lose more than {var95} of the portfolio, or "
        "{gain95}."
    ),
    "At the [[95]]% level the one-day VaR is {var95}; at the [[99]]% level it is {var99}.",
    "The average loss on days worse than the VaR, the expected shortfall, is {es95} (95 %).",
    "VaR95 {var95}, VaR99 {var99}, ES95 {es95}.",
    "Concentration: {H} {w1}, {K} {w2}. Anything above [[25]]% in one name is a lot.",
    "Of the {nav} you own, {v1} is in {H}.",
    (
        "Selling half of {H} would leave you with a position that is smaller than the {v1} you "
        "hold now."
    ),
    "You own neither more nor less than {q1} shares of {H}.",
    "The portfolio has a beta of {beta} to {bench}.",
)

THIRD = QUOTED + INVENTED + VALUED + CHARTED + OWNED
