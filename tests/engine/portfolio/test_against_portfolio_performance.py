from truth import Verdict, count, wrong
from truth_pp import cases


def test_costs_gains_fees_and_trades_are_portfolio_performances() -> None:
    told = list(cases())
    assert not wrong(told)
    assert count(told, Verdict.same) > 0
