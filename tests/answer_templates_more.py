"""More ways an analyst writes, which grounding was tuned on too."""

MORE = (
    (
        "Here is where {An} stands:\n\n- **Price:** {last} ({pct:s} today)\n- **Day's "
        "range:** {low} to {high}\n- **Volume:** {vol}\n"
    ),
    "The stock of {An} finished at {last}, which is {pct} {higher} than the day before.",
    "{A} {gained} {pct} and closed at {last}; {B} {gained2} {pct2} and closed at {last2}.",
    "Compared with {B} at {last2}, {A} looks expensive at {last}.",
    "{A}'s day: open {open}, high {high}, low {low}, last {last}.",
    "With {vol} shares traded, {A} was busier than {B} ({vol2}).",
    "The market pays {pe:x} earnings for {A}, and a market value of {cap:c}.",
    "For {A} the P/E ratio is {pe}, falling to {fpe} on next year's estimates.",
    "{An} made {eps:exact} a share and its book value is {book:exact} a share.",
    "{A} is trading between its 52-week low of {ylow} and its 52-week high of {yhigh}.",
    ("{A} would have to climb to {yhigh} to reach its yearly high; it is {offyear} away from it."),
    "The gap between {A} ({last}) and {B} ({last2}) is {lastgap:exact}.",
    "Together {A} and {B} saw volume of {bothvol}.",
    "{A} costs {ratio:x} as much as {B}.",
    "{A} outperformed or lagged {B} by {apart}: {pct:s} against {pct2:s}.",
    ("On {di}, {S} opened at {oi}, rose as far as {hi}, fell as far as {li} and closed at {ci}."),
    "{di}: {S} closes at {ci} on volume of {vi}.",
    "{S} was at {ci} on {di}. Since then it has moved to {cz}.",
    "A holder of {S} from {di} ({ci}) to {dj} ({cj}) would have a {gainword} of {rise}.",
    "{S} {moved} from {ci} on {di} to {cj} on {dj}, or {rise}.",
    (
        "The latest close of {S}, {cz}, compares with a 50-day average of {mean50} and a "
        "20-day average of {mean20}."
    ),
    (
        "Support for {S} lies at the 20-day low of {low20}, resistance at the 20-day "
        "high of {high20}."
    ),
    (
        "Within the whole series the highest high of {S} is {top}, seen on {dtop}, and "
        "the lowest low {bottom}."
    ),
    "{S} (RSI 14: {rsi}) last closed at {cz}.",
    "The 14-day RSI of {S} stands at {rsi}.",
    "{month:month} was lively for {S}: high {mhigh}, low {mlow}.",
    "{S} closed at {cz}, {T} at {tz}.",
    "Your {H} position is worth {v1}, which is {w1} of the portfolio.",
    "{w1} of the portfolio sits in {H} and {w2} in {K}.",
    (
        "| Position | Shares | Price | Value | Weight |\n|---|---|---|---|---|\n| {H} | "
        "{q1} | {price1} | {v1} | {w1} |\n"
    ),
    ("Your {H} shares cost {cost1} each and trade at {price1}; the paper {unword} is {un1}."),
    "The account's net value is {nav}, cash of {cash:exact} included.",
    (
        "Total return since inception: {twr}. Volatility: {vola}. Sharpe: {sharpe}. "
        "Maximum drawdown: {depth}."
    ),
    "The portfolio began at {begun} and stands at {nav} now, a result of {gain}.",
    (
        "On 99 % of days you would lose less than {var99}; the 95 % figure is {var95}, "
        "with a shortfall of {es95} beyond it."
    ),
    "The drawdown of {depth} lasted from {dpeak} until {dtrough}.",
    "Top two holdings: {top2} of the portfolio, out of {many} positions.",
    (
        "At the time of writing, {An} is quoted at {bid} bid and {ask} asked. The last "
        "trade was at {last}."
    ),
    "{A} gapped at the open: {open} against {prev} the evening before.",
    "{An}: {last:about}, so {offhigh} below its intraday high of {high}.",
    "As of the last print, {A} is {last}. That puts it {pct} {higher} on the session.",
    (
        "{A} has been volatile today: after opening at {open} it touched {high} and "
        "dipped to {low} before settling around {last}."
    ),
    (
        "Price action in {An} was contained between {low} and {high}, with the latest "
        "trade at {last}."
    ),
    "{An} — {last}, {pct:s}, {vol} shares.",
    "The tape shows {vol} shares of {A} so far, against an average of {avgvol} a day.",
    "Yesterday's close in {A} was {prev}; the change since then is {pct:s}.",
    "Investors currently pay {last} for a share of {An}, or {pe} times trailing earnings.",
    ("On valuation, {An} carries a market cap of {cap:c} with a P/E of {pe} (forward: {fpe})."),
    ("Earnings per share came to {eps:exact} and book value per share to {book:exact} at {A}."),
    (
        "{A} is {offyear} shy of its 52-week peak of {yhigh}, and {overyear} up from its "
        "52-week trough of {ylow}."
    ),
    "Of the pair, {A} ({pct:s}) did better or worse than {B} ({pct2:s}).",
    "{B} sits at {last2} while {A} sits at {last}; the ratio of the two is {ratio}.",
    "A buyer lifting the offer in {A} pays {ask}; a seller hitting the bid gets {bid}.",
    (
        "Looking at {S}: it closed the session of {di} at {ci}, having traded as high as "
        "{hi} and as low as {li}."
    ),
    "{S}'s close was {ci} on {di}, {cj} on {dj}.",
    "{S} started {di} at {oi} and finished it at {ci}.",
    "The session of {di} saw {vi} shares of {S} change hands.",
    ("Over the period, {S} gained or lost {whole:s} in total, from its first close to {cz}."),
    (
        "Trend: the 20-day mean of {S} is {mean20} and the 50-day mean {mean50}, with "
        "the price at {cz}."
    ),
    "Momentum: RSI {rsi}.\n\nThat is the 14-day reading for {S}.",
    "{S} has an RSI of {rsi} and a price of {cz}.",
    "The 20-day range of {S} spans {low20} to {high20}.",
    "{S} hit {top} on {dtop}, its best level in the data, and was never below {bottom}.",
    "Month by month: in {month:month} {S} ranged from {mlow} to {mhigh}.",
    "{H} is the position to watch: {q1} shares at {price1}, {w1} of net asset value.",
    "Net asset value is {nav}; cash makes up {cash:exact} of it.",
    "Your stake in {H} ({w1}) is larger or smaller than that in {K} ({w2}).",
    "Positions: {many}. Net asset value: {nav}. Cash: {cash:exact}.",
    ("With an average cost of {cost1} and a price of {price1}, {H} shows a {unword} of {un1}."),
    (
        "The portfolio returned {twr} over the period at a volatility of {vola}, for a "
        "Sharpe ratio of {sharpe}."
    ),
    "Its maximum drawdown was {depth}; it ran from {dpeak} to {dtrough}.",
    (
        "A one-day loss of more than {var95} should occur on one day in twenty (95 % "
        "VaR); at 99 % it is {var99}."
    ),
    "Expected shortfall at the 95 % level: {es95}.",
    "From {begun} the account went to {nav}.",
    (
        "**Summary**\n\n{An} trades at {last} with a P/E of {pe}. It is {offyear} below "
        "the 52-week high.\n\n**Levels**\n\n- Day high: {high}\n- Day low: {low}\n- 52-week "
        "low: {ylow}\n"
    ),
    "> {A} {updown} {pct}\n\n{An} closed at {last} on {day}.",
)
