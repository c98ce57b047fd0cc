"""What a record of trades proves, and how much of the equity that is worth risking.

Kelly (1956) stakes edge over odds: f = (p·b − (1 − p)) / b of win rate p and payoff b. A record
tells p and b with error, and staking too much costs more than staking too little (Thorp, 2006):
the edge taken is the lower bound of its interval, and none where that includes none.
"""

from collections.abc import Sequence
from math import isfinite, sqrt

from tio.api.errors import Invalid
from tio.api.risk import Edge
from tio.engine.risk.distributions import lowest_rate, student_quantile

LEAST = 10
"""Trades a record must have before its spread is believed."""


def edge_of_rate(win_rate: float, payoff: float, trades: int, confidence: float = 0.95) -> Edge:
    """By win rate (0–1) and mean win per mean loss; the rate's exact one-sided bound. Invalid.

    The payoff is taken as it is: a record of each trade's result bounds both together.
    """
    _check(confidence)
    if not 0 <= win_rate <= 1:
        raise Invalid(f"a win rate lies between 0 and 1, was {win_rate:g}", "0.55 is 55 %")
    if not (payoff > 0 and isfinite(payoff)):
        raise Invalid(f"a payoff is above zero, was {payoff:g}", "mean win divided by mean loss")
    if trades < 1:
        raise Invalid(f"a record has at least one trade, was {trades}")
    # A rounded rate, of 33 in 60 told as 0.55, is no whole number of wins.
    lowest = lowest_rate(int(win_rate * trades + 1e-6), trades, confidence)
    low = lowest * payoff - (1 - lowest)
    return Edge(
        trades=trades,
        win_rate=win_rate,
        payoff=payoff,
        mean=win_rate * payoff - (1 - win_rate),
        low=low,
        confidence=confidence,
        fraction=max(low / payoff, 0.0),
    )


def edge_of_results(results: Sequence[float], confidence: float = 0.95) -> Edge:
    """By what each trade brought in multiples of its risk; Student's one-sided bound of the mean.

    Invalid for fewer than ten results, or without both wins and losses: those have no odds.
    """
    _check(confidence)
    if len(results) < LEAST:
        raise Invalid(f"a record of {len(results)} trades proves nothing", f"{LEAST} at least")
    if not all(isfinite(result) for result in results):
        raise Invalid("a result is a number of R", "1.5 is one and a half times the risk")
    wins = [result for result in results if result > 0]
    losses = [-result for result in results if result < 0]
    if not wins or not losses:
        raise Invalid(
            f"a record without a single {'win' if not wins else 'loss'} has no odds",
            "give more trades",
        )
    count = len(results)
    mean = sum(results) / count
    deviation = sqrt(sum((result - mean) ** 2 for result in results) / (count - 1))
    reach = student_quantile(confidence, count - 1) * deviation / sqrt(count)
    won, lost = sum(wins) / len(wins), sum(losses) / len(losses)
    # Of two outcomes edge ÷ (win · loss); of many edge ÷ mean square (Thorp, 2006): the smaller,
    # and never so much that the worst loss seen would take all.
    square = sum(result * result for result in results) / count
    low = mean - reach
    return Edge(
        trades=count,
        win_rate=len(wins) / count,
        payoff=won / lost,
        mean=mean,
        low=low,
        confidence=confidence,
        fraction=max(min(low / max(won * lost, square), 1 / max(losses), 1.0), 0.0),
    )


def _check(confidence: float) -> None:
    if not 0.5 <= confidence < 1:
        raise Invalid(f"a confidence lies between 0.5 and 1, was {confidence:g}", "as 0.95")
