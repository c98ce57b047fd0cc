"""Income and proposals of the small market's portfolio."""

from datetime import date

from msgspec.structs import replace
from portfolio_scene import ENTRIES, D

from tio.api.companies import EventKind
from tio.api.income import (
    ExpectedIncome,
    ExpectedMonth,
    Income,
    IncomeMonth,
    IncomeOf,
    Received,
)
from tio.api.proposals import Doubled, Proposal, Proposals

FIRST = Received(dividends=D("60"), gross=D("60"), taxes=D("9"), net=D("51"))
SECOND = Received(dividends=D("26.40"), gross=D("26.40"), taxes=D("3.96"), net=D("22.44"))
WHOLE = Received(dividends=D("86.40"), gross=D("86.40"), taxes=D("12.96"), net=D("73.44"))
INCOME = Income(
    portfolio="main",
    currency="USD",
    start=date(2025, 1, 4),
    end=date(2026, 11, 20),
    received=WHOLE,
    trailing=SECOND,
    months=(
        IncomeMonth(month=date(2025, 8, 1), received=FIRST),
        IncomeMonth(month=date(2026, 2, 1), received=SECOND),
    ),
    symbols=(
        IncomeOf(
            symbol="AAPL",
            received=WHOLE,
            trailing=D("26.40"),
            yield_on_cost=0.0012,
            yield_on_value=0.001,
        ),
    ),
    expected=(
        ExpectedIncome(
            symbol="AAPL",
            day=date(2026, 12, 12),
            quantity=D(120),
            per_share=D("0.26"),
            currency="USD",
            amount=D("31.20"),
            estimated=False,
            why="announced by nasdaq",
        ),
        ExpectedIncome(
            symbol="AAPL",
            day=date(2027, 2, 11),
            quantity=D(120),
            per_share=D("0.22"),
            currency="USD",
            amount=D("26.40"),
            estimated=True,
            why="as on 2026-02-11",
        ),
    ),
    ahead=(
        ExpectedMonth(month=date(2026, 12, 1), announced=D("31.20")),
        ExpectedMonth(month=date(2027, 2, 1), estimated=D("26.40")),
    ),
    lacks=("no source tells payments of VOD.LSE",),
)
DIVIDEND = Proposal(
    id="dividend:AAPL:2026-11-10",
    kind=EventKind.dividend,
    symbol="AAPL",
    ex_date=date(2026, 11, 10),
    account="",
    quantity=D(120),
    entry=ENTRIES[5],
    what="dividend of 31.20 USD on 120",
    value=D("31.20"),
    source="nasdaq",
)
SPLIT = replace(
    DIVIDEND,
    id="split:NVDA:2026-06-10",
    symbol="NVDA",
    ex_date=date(2026, 6, 10),
    quantity=D(80),
    what="10 for 1: 80 become 800",
    value=None,
    refusal="a sale of 2026-07-01 could not be booked",
)
DISMISSED = replace(DIVIDEND, id="dividend:AAPL:2026-08-10", ex_date=date(2026, 8, 10))
PROPOSALS = Proposals(
    portfolio="main",
    currency="USD",
    proposals=(SPLIT, DIVIDEND),
    dismissed=(DISMISSED,),
    doubles=(Doubled(entry="9", other="6", what="9 and 6 are the same dividend of AAPL"),),
    untold=("VOD.LSE",),
)
