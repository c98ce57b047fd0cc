from truth import Verdict, count, wrong
from truth_beancount import cases


def test_reductions_take_what_beancount_takes_and_leave_what_it_leaves() -> None:
    told = list(cases())
    assert not wrong(told)
    assert count(told, Verdict.same) > count(told, Verdict.differs)
