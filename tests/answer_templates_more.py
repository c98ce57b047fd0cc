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
    "Your {H} shares cost {cost1} each and trade at {price1}; the paper {unword} is {un1}.",
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
)
