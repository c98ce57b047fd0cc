"""Beancount's journals as people write them, invented."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.beancount import Beancount
from tio.engine.portfolio.importing.rows import Row

D = Decimal
OPENED = "2013-01-01 open Assets:US:ETrade:Cash USD\n2013-01-01 commodity IVV\n"
HELD = """2013-05-01 * "Bought"
  Assets:US:ETrade:IVV       10 IVV {180 USD}
  Assets:US:ETrade:Cash
"""
Said = tuple[str, str, str, Decimal | None, Decimal | None, str]


def read(text: str) -> list[Row]:
    whole = OPENED + text
    assert Beancount().recognises(whole)
    return list(Beancount().read(whole, "America/New_York"))


def told(text: str) -> list[Transaction]:
    rows = read(text)
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def said(text: str) -> list[Said]:
    return [
        (e.kind.value, e.account, e.symbol, e.quantity, e.amount, e.currency) for e in told(text)
    ]


def test_a_purchase_pays_its_commission_beside_its_cost() -> None:
    (buy,) = told("""2014-02-11 * "ETrade" "Bought S&P 500" #index
  Assets:US:ETrade:IVV                 10 IVV {183.07 USD, 2014-02-11, "a"}
  Assets:US:ETrade:Cash          -1840.65 USD ; settled
  Expenses:Financial:Commissions     9.95 USD
""")

    assert (buy.symbol, buy.quantity, buy.amount, buy.fee) == (
        "IVV",
        D(10),
        D("1830.70"),
        D("9.95"),
    )
    assert buy.account == "US:ETrade"
    assert buy.note == "ETrade – Bought S&P 500"
    assert buy.tags == ("index",)
    assert buy.at == datetime(2014, 2, 12, 4, 59, 59, 999999, UTC)


def test_a_sale_brings_its_price_and_gains_are_passed_over() -> None:
    sale = told(
        HELD
        + """2014-03-11 * "Sold"
  Assets:US:ETrade:IVV                 -4 IVV {180 USD} @ 197.90 USD
  Assets:US:ETrade:Cash            781.65 USD
  Expenses:Financial:Commissions     9.95 USD
  Income:US:ETrade:PnL             -71.60 USD
"""
    )[1]

    assert (sale.kind.value, sale.quantity, sale.amount, sale.fee) == (
        "sell",
        D(4),
        D("791.60"),
        D("9.95"),
    )
    assert not sale.short


def test_prices_make_trades_without_lots() -> None:
    assert said("""2014-02-11 * "a"
  Assets:Broker  10 IVV @ 183.07 USD
  Assets:Broker  -1830.70 USD
2014-02-12 * "b"
  Assets:Broker  -10 IVV @@ 1900 USD
  Assets:Broker
""") == [
        ("buy", "Broker", "IVV", D(10), D("1830.70"), "USD"),
        ("sell", "Broker", "IVV", D(10), D(1900), "USD"),
    ]


def test_income_costs_and_cash_are_told_by_their_accounts() -> None:
    text = """2014-04-01 * "dividend"
  Assets:US:ETrade:Cash        12 USD
  Expenses:Taxes:Withheld       3 USD
  Income:US:ETrade:IVV:Dividends  -15 USD
2014-04-02 * "interest"
  Assets:US:ETrade:Cash   1.10 USD
  Income:Interest
2014-04-03 * "custody"
  Expenses:Fees   5 USD
  Assets:US:ETrade:Cash
2014-04-04 * "paid in"
  Assets:US:ETrade:Cash  1000 USD
  Equity:Opening-Balances
2014-04-05 * "moved"
  Assets:US:ETrade:Cash  -100 USD
  Assets:Bank:Cash  100 USD
2014-04-06 * "changed"
  Assets:Bank:Cash  -100 USD @@ 90 EUR
  Assets:Bank:Cash  90 EUR
"""
    bank = ("", None)
    assert said(HELD + text)[1:] == [
        ("dividend", "US:ETrade", "IVV", None, D(15), "USD"),
        ("interest", "US:ETrade", *bank, D("1.10"), "USD"),
        ("fee", "US:ETrade", *bank, D(5), "USD"),
        ("deposit", "US:ETrade", *bank, D(1000), "USD"),
        ("transfer_out", "US:ETrade", *bank, D(100), "USD"),
        ("exchange", "Bank", *bank, D(100), "USD"),
    ]
    assert told(HELD + text)[1].tax == 3
    assert told(HELD + text)[5].to_account == "Bank"
    assert told(HELD + text)[6].to_amount == 90


def test_shares_split_move_and_come_from_outside() -> None:
    assert said(
        HELD
        + """2014-05-01 * "split"
  Assets:US:ETrade:IVV -10 IVV {180 USD}
  Assets:US:ETrade:IVV  20 IVV {90 USD}
2014-05-02 * "moved"
  Assets:US:ETrade:IVV  -5 IVV {90 USD}
  Assets:Other:IVV   5 IVV {90 USD}
2014-05-03 * "given"
  Assets:Other:IVV  2 IVV {95 USD}
  Equity:Gifts
2014-05-04 * "reinvested"
  Assets:Other:IVV  1 IVV {100 USD}
  Income:IVV:Dividend
"""
    )[1:] == [
        ("split", "US:ETrade", "IVV", D(2), None, ""),
        ("transfer_out", "US:ETrade", "IVV", D(5), None, ""),
        ("transfer_in", "Other", "IVV", D(2), D(190), "USD"),
        ("dividend", "Other", "IVV", None, D(100), "USD"),
        ("buy", "Other", "IVV", D(1), D(100), "USD"),
    ]


def test_spending_is_a_withdrawal_to_look_at() -> None:
    (row,) = read("""2014-04-02 * "Cafe"
  Expenses:Food 12 USD
  Assets:US:ETrade:Cash
""")

    assert row.oddity == "Expenses:Food is read as a withdrawal"
    assert row.transaction is not None
    assert row.transaction.amount == 12


def test_roots_may_be_renamed() -> None:
    (entry,) = told("""option "name_assets" "Vermoegen"
2014-04-04 * "eingezahlt"
  Vermoegen:Bank  1000 EUR
  Equity:Anfang
""")

    assert (entry.kind.value, entry.account) == ("deposit", "Bank")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ("  Assets:A  10/3 USD\n  Equity:B\n", "line 4: 'Assets:A  10/3 USD' is no posting"),
        ("  Assets:A\n  Equity:B\n", "the amounts of 2 postings are left open"),
        ("  Assets:A  3 VACHR\n  Equity:B\n", "VACHR is no currency, and has no cost or price"),
        ("  Assets:A  1 X {1 USD}\n  Assets:A  1 Y {1 USD}\n  Assets:C\n", "several securities"),
        ("  Assets:A  1 X {5 # 9 USD}\n  Assets:C\n", "a cost of two parts"),
        ("  Expenses:A  1 USD\n  Income:B\n", "it moves nothing of one's own"),
        ("  Assets:A  9 USD\n  Income:Dividends\n", "names no security that is held here"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_line(body: str, refusal: str) -> None:
    (row,) = read(f'2014-05-01 * "x"\n{body}')

    assert row.line == 3
    assert refusal in row.refusal


def test_another_file_is_not_followed() -> None:
    (row,) = read('include "more.beancount"\n')

    assert (row.line, row.refusal) == (3, "another file is included: import it by itself")


def test_three_bad_transactions_of_ten_thousand_are_named() -> None:
    one = '2014-04-04 * "x"\n  Assets:Bank  1 EUR\n  Equity:Open\n'
    bodies = [one] * 10_000
    bodies[0] = one.replace("04-04", "14-04")
    bodies[5_000] = one.replace("1 EUR", "one EUR")
    bodies[9_999] = one.replace("*", "frob")
    rows = read("".join(bodies))
    refused = [row.line for row in rows if row.refusal]

    assert len(rows) == 10_000
    assert refused == [3, 3 + 15_000, 3 + 29_997]
