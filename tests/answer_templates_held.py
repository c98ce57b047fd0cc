"""How an analyst writes: templates held back, which grounding was never tuned on.

They were written before anything was measured on them and are used for the measure alone. Two
sets held back before became part of the tuning when their misses were looked at.
"""

HELD = (
    ("You can buy {An} at {ask} and sell it at {bid}; the most recent trade happened at {last}."),
    "{A} gave us a {pct:s} day, ending at {last}.",
    (
        "Both {A} and {B} are worth a look: the former trades at {last}, with a high of "
        "{high}, on volume of {vol}."
    ),
    "Intraday, {An} swung from {low} to {high}; it now fetches {last}.",
    "Prior close {prev}, open {open}, last {last}: {A} {rose} {pct}.",
    "{An}'s market capitalisation comes to {cap:c}.",
    "At {pe} times earnings and {fpe} times forward earnings, {A} is not obviously cheap.",
    (
        "The yearly range of {A} is {ylow} to {yhigh}, and the price of {last} lies "
        "{offyear} under the top of it."
    ),
    "{A} averages {avgvol} shares a day; today it did {vol}.",
    "Nobody paid more than {high} for {A} today, nobody less than {low}.",
    "{S} printed {ci} at the end of {di}; volume came in at {vi}.",
    (
        "If you had bought {S} at the close of {di} ({ci}) and sold at the close of {dj} "
        "({cj}), the {gainword} would be {rise}."
    ),
    "{S} reached its highest price, {top}, on {dtop}.",
    ("The 50-day average of {S} is {mean50}; the last close, {cz}, should be read against it."),
    "RSI for {S}: {rsi} (14 periods).",
    "The best price of {month:month} for {S} was {mhigh}; the worst was {mlow}.",
    "As a share of the portfolio, {H} has {w1} and {K} has {w2}.",
    "You own {q1} shares of {H}, which at {price1} makes {v1}.",
    "Open {unword} on {H}: {un1}, on an average cost of {cost1}.",
    "Net asset value {nav}; cash {cash:exact}; {many} positions.",
    (
        "Risk-adjusted, a Sharpe of {sharpe} on volatility of {vola} is what the {twr} "
        "return amounts to."
    ),
    "The deepest drawdown in the record is {depth} ({dpeak} to {dtrough}).",
    "Value at risk is {var95} a day at 95 % confidence, {var99} at 99 %.",
)
