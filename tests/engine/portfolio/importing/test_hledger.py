"""hledger's journals: its own examples and tests, and invented ones."""

import re
from collections import Counter
from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.hledger import Hledger
from tio.engine.portfolio.importing.hledger_amounts import Marks, amount
from tio.engine.portfolio.importing.rows import Row

from recorded import read_text

D = Decimal
FOLDER = "6_portfolio/hledger"
Said = tuple[str, str, str, Decimal | None, Decimal | None, str]


def read(text: str) -> list[Row]:
    return list(Hledger().read(text, "UTC"))


def said(rows: list[Row]) -> list[Said]:
    assert [row.refusal for row in rows if row.refusal] == []
    told: list[Transaction] = [row.transaction for row in rows if row.transaction]
    return [(e.kind.value, e.account, e.symbol, e.quantity, e.amount, e.currency) for e in told]


def test_hledger_s_example_of_lots_is_read() -> None:
    text = read_text(f"{FOLDER}/examples_lots_irr.journal")

    assert Hledger().recognises(text)
    assert said(read(text)) == [
        ("buy", "stocks", "AAPL", D(10), D(500), "USD"),
        ("sell", "stocks", "AAPL", D(5), D(350), "USD"),
    ]
    assert [row.line for row in read(text)] == [5, 9]


def test_hledger_s_example_of_gains_is_read_as_a_sale_of_what_is_not_in_the_file() -> None:
    (row,) = read(read_text(f"{FOLDER}/examples_investing_investment-gains-balancing.journal"))

    assert row.transaction is not None
    assert (row.transaction.kind.value, row.transaction.amount) == ("sell", D(15))
    assert row.transaction.short
    assert row.oddity == "1 sold and 0 held: read as a short sale"


def test_the_journals_of_hledger_s_tests_of_disposals_are_read() -> None:
    text = read_text(f"{FOLDER}/journal_lots-dispose-entries.test")
    journals = re.findall(r"^<\n(.*?)(?=^\$ |^# |^<\n)", text, re.MULTILINE | re.DOTALL)
    kinds = Counter(
        row.transaction.kind.value if row.transaction else row.refusal
        for journal in journals
        for row in read(journal)
    )

    assert len(journals) > 10
    assert kinds["buy"] > 10
    assert kinds["sell"] > 10


@pytest.mark.parametrize(
    ("text", "number", "commodity"),
    [
        ("$-500", "-500", "USD"),
        ("-$500.25", "-500.25", "USD"),
        ("10 AAPL", "10", "AAPL"),
        ("€1.000,50", "1000.50", "EUR"),
        ("1,000,000 JPY", "1000000", "JPY"),
        ('-3 "BRK.B"', "-3", "BRK.B"),
        ("1 000,5 EUR", "1000.5", "EUR"),
    ],
)
def test_amounts_are_read_however_they_are_written(text: str, number: str, commodity: str) -> None:
    read = amount(text, Marks())

    assert (read.number, read.commodity) == (D(number), commodity)


def test_a_declared_decimal_mark_decides() -> None:
    assert amount("1.234 EUR", Marks(",")).number == 1234
    assert amount("1.234 EUR", Marks(".")).number == D("1.234")


def test_income_costs_and_cash_are_told_by_their_accounts() -> None:
    rows = read("""account bank  ; type: C
2024/1/2 * (12) dividend  ; a comment
    assets:broker:cash       $12
    expenses:tax:withheld     $3
    income:dividends:AAPL   $-15
    (budget)  $5

2024-01-01 buy
    assets:broker:AAPL   10 AAPL {$50}
    expenses:fees        $2
    assets:broker:cash

2024-01-03 paid in
    bank         1.000,50 EUR
    equity:opening

~ monthly
    expenses:food  $100
    assets:broker:cash
""")

    assert said(rows) == [
        ("dividend", "broker", "AAPL", None, D(15), "USD"),
        ("buy", "broker", "AAPL", D(10), D(500), "USD"),
        ("deposit", "", "", None, D("1000.50"), "EUR"),
    ]
    assert rows[1].transaction is not None
    assert rows[1].transaction.fee == 2


def test_a_cost_of_all_the_lot_is_parted() -> None:
    rows = read("2024-01-01 x\n    assets:fund  4 FUND {{Rs100.00}}\n    equity:opening\n")

    assert said(rows) == [("transfer_in", "fund", "FUND", D(4), D("100.00"), "Rs")]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ("    assets:cash  = $5\n    equity:x\n", "line 2: a balance is assigned"),
        ("    assets:cash  5\n    equity:x\n", "line 2: 5 does not say of what"),
        ("    assets:cash  $5\n    [equity:x]  $-5\n", "line 3: '[equity:x]  $-5' is no posting"),
        ("    assets:cash  $5..\n    equity:x\n", "line 2:"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_line(body: str, refusal: str) -> None:
    (row,) = read(f"2024-01-01 x\n{body}")

    assert row.line == 1
    assert row.refusal.startswith(refusal)


def test_three_bad_transactions_of_ten_thousand_are_named() -> None:
    one = "2024-04-04 x\n    assets:bank  1 EUR\n    equity:open\n"
    bodies = [one] * 10_000
    bodies[0] = one.replace("04-04", "14-04")
    bodies[5_000] = one.replace("1 EUR", "one EUR")
    bodies[9_999] = one.replace("1 EUR", "= 1 EUR")
    rows = read("".join(bodies))

    assert len(rows) == 10_000
    assert [row.line for row in rows if row.refusal] == [1, 15_001, 29_998]
