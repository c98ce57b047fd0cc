import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from ledgers import KIND
from truth import Verdict, count, wrong
from truth_ghostfolio import FILE, cases

from tio.api.portfolio import LotRule, Portfolio, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.valuing import holdings

import recorded


@pytest.mark.parametrize("rule", [LotRule.average, LotRule.fifo, LotRule.lifo, LotRule.hifo])
def test_ghostfolios_figures_are_ours_by_any_rule_as_no_case_sells_one_of_two_lots(
    rule: LotRule,
) -> None:
    told = list(cases(rule))
    assert not wrong(told)
    assert count(told, Verdict.same) > 0


def test_cash_of_another_currency_gains_by_its_rate() -> None:
    told = json.loads(recorded.read_text(FILE), parse_float=Decimal)
    rates = told["exchange_rates"]["CHF"]["USDCHF"]
    case = next(
        c for c in told["cases"] if c["test"].endswith("cash assets in CHF default currency")
    )
    last = case["expectations"][1]["value"]
    paid = [
        Transaction(
            id=day,
            kind=KIND.deposit,
            at=datetime.fromisoformat(day).replace(tzinfo=UTC),
            amount=Decimal(1000),
            currency="USD",
            rate=Decimal(rates[day]),
        )
        for day in ("2023-12-31", "2024-12-31")
    ]
    now = datetime(2025, 1, 1, tzinfo=UTC)
    books = Books(Portfolio(name="main", currency="CHF"), paid)
    held = holdings(books, {}, {"USD": Rate(Decimal(rates["2025-01-01"]))}, now, now)
    assert held.flows == last["totalInvestmentValueWithCurrencyEffect"]
    assert held.nav == last["netWorth"]
    assert held.currency_result == last["netPerformanceWithCurrencyEffect"]
