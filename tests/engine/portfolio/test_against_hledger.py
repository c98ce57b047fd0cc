from truth import Verdict, count, wrong
from truth_hledger import cases


def test_lots_and_gains_are_those_hledger_prints() -> None:
    told = [case for _, case in cases()]
    assert not wrong(told)
    assert count(told, Verdict.same) > count(told, Verdict.differs)
