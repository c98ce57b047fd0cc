"""Charles Schwab's transactions, invented lines of every action."""

from datetime import UTC, datetime

import pytest
from broker_rows import entries, read, told

from tio.engine.portfolio.importing.rows import Row

PREAMBLE = '"Transactions  for account Individual XXXX-1234 as of 02/03/2024 10:20:30 ET"'
HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"'
TOTAL = '"Transactions Total","","","","","","","$3,146.98"'


def line(
    action: str,
    amount: str = "",
    quantity: str = "",
    price: str = "",
    symbol: str = "AAPL",
    day: str = "01/03/2024",
    fee: str = "",
) -> str:
    cells = (day, action, symbol, "APPLE INC", quantity, price, fee, amount)
    return ",".join(f'"{cell}"' for cell in cells)


def file(*lines: str) -> list[Row]:
    return read("\n".join([PREAMBLE, HEADER, *lines, TOTAL, ""]), "schwab")


BOUGHT = line("Buy", "-$1,854.95", "10", "$185.00", fee="$4.95")


def test_transactions_are_told_the_oldest_first_with_the_lines_of_the_file() -> None:
    rows = file(
        line("Sell", "$999.98", "5", "$200.00", fee="$0.02", day="02/01/2024"),
        line("Reinvest Shares", "-$2.40", "0.012", "$200.00", day="01/16/2024"),
        line("Reinvest Dividend", "$2.40", day="01/16/2024 as of 01/15/2024"),
        BOUGHT,
        line("MoneyLink Transfer", "$5,000.00", symbol=""),
    )
    assert told(rows) == [
        "deposit = 5000 USD",
        "buy AAPL 10 @ 185 = 1850 USD fee 4.95",
        "dividend AAPL = 2.4 USD",
        "buy AAPL 0.012 @ 200 = 2.4 USD",
        "sell AAPL 5 @ 200 = 1000 USD fee 0.02",
    ]
    assert [row.line for row in rows] == [7, 6, 5, 4, 3]
    assert rows[1].security.name == "APPLE INC"
    assert not [row.oddity for row in rows if row.oddity]


def test_a_day_as_of_is_the_one_that_counts_and_the_other_is_noted() -> None:
    (entry,) = entries(file(line("Cash Dividend", "$1.00", day="01/02/2024 as of 12/31/2023")))
    assert entry.at == datetime(2024, 1, 1, 4, 59, 59, 999999, UTC)
    assert entry.note == "APPLE INC; posted 01/02/2024"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("Qualified Dividend", "$2.40"), "dividend AAPL = 2.4 USD"),
        (line("Qual Div Reinvest", "$2.40"), "dividend AAPL = 2.4 USD"),
        (line("Non-Qualified Div", "$2.40"), "dividend AAPL = 2.4 USD"),
        (line("Long Term Cap Gain", "$2.40"), "dividend AAPL = 2.4 USD"),
        (line("Cash Dividend", "-$2.40"), "dividend AAPL = -2.4 USD"),
        (line("Return Of Capital", "$2.40"), "return_of_capital AAPL = 2.4 USD"),
        (line("Cash In Lieu", "$2.40"), "return_of_capital AAPL = 2.4 USD"),
        (line("Credit Interest", "$0.50", symbol=""), "interest = 0.5 USD"),
        (line("Bank Interest", "$0.50", symbol=""), "interest = 0.5 USD"),
        (line("Margin Interest", "-$0.50", symbol=""), "interest = -0.5 USD"),
        (line("NRA Tax Adj", "-$0.36"), "tax AAPL = 0.36 USD"),
        (line("NRA Tax Adj", "$0.36"), "tax AAPL = -0.36 USD"),
        (line("Foreign Tax Paid", "-$0.36"), "tax AAPL = 0.36 USD"),
        (line("ADR Mgmt Fee", "-$0.10"), "fee AAPL = 0.1 USD"),
        (line("Service Fee", "-$25.00", symbol=""), "fee = 25 USD"),
        (line("MoneyLink Transfer", "-$5.00", symbol=""), "withdrawal = 5 USD"),
        (line("Wire Funds Received", "$5.00", symbol=""), "deposit = 5 USD"),
        (line("Wire Sent", "-$5.00", symbol=""), "withdrawal = 5 USD"),
        (line("Journal", "-$5.00", symbol=""), "withdrawal = 5 USD"),
        (line("Misc Cash Entry", "$5.00", symbol=""), "deposit = 5 USD"),
        (line("Journaled Shares", "", "-10"), "transfer_out AAPL 10 USD"),
        (line("Security Transfer", "", "10", "$185.00"), "transfer_in AAPL 10 = 1850 USD"),
        (
            line("Stock Plan Activity", "", "10"),
            "what 10 AAPL cost is not told, enter them as a transfer in: line 3",
        ),
        (
            line("Sell to Open", "$150.00", "1", "$1.50", "AAPL 01/19/2024 150.00 C"),
            "options are not kept: AAPL 01/19/2024 150.00 C in line 3",
        ),
        (
            line("Sell", "$150.00", "1", "$1.50", "AAPL 01/19/2024 150.00 C"),
            "options are not kept: AAPL 01/19/2024 150.00 C in line 3",
        ),
        (
            line("Reverse Split", "", "10"),
            "a corporate action (Reverse Split) of AAPL is not read, enter it by hand: line 3",
        ),
        (line("Moon Landing", "$5.00"), "there is no action 'Moon Landing' known here, in line 3"),
        (line("Buy", "$5.00", "1", "$5.00"), "a purchase cannot bring 5"),
        (line("Sell", "-$5.00", "1", "$5.00"), "a sale cannot cost 5"),
        (line("Buy", "-$5.00", "-1", "$5.00"), "a purchase of -1 AAPL contradicts itself"),
        (line("Buy", "-$5.00"), "Buy: no quantity is told"),
        (line("Buy", "", "1"), "Amount: no amount is told"),
        (line("Buy", "-$5.00", "one"), "Quantity: 'one' is no number"),
        (line("Buy", "-$5.00", "1", fee="$9.00"), "its costs of 9 are more than the 5 moved"),
        (line("Cash Dividend", "$1.00", day="13/01/2024"), "Date: '13/01/2024' is no date"),
        (
            line("Cancel Buy", "$1,850.00", "10", "$185.00"),
            "line 3 takes back what this file does not hold: a cancel buy of 10 AAPL",
        ),
        ('"01/03/2024","Buy"', "line 3 is broken: it has 2 cells, and the header 8"),
    ],
)
def test_lines_of_every_action(row: str, said: str) -> None:
    assert told(file(row)) == [said]


def test_a_short_sale_is_short_and_a_sale_of_too_much_is_odd() -> None:
    (short,) = file(line("Sell Short", "$100.00", "1", "$100.00"))
    (sale,) = file(line("Sell", "$100.00", "1", "$100.00"))
    assert told([short]) == told([sale]) == ["sell AAPL 1 @ 100 = 100 USD short"]
    assert (short.oddity, sale.oddity) == ("", "1 sold and 0 held: read as a short sale")


def test_a_cancelled_purchase_and_its_cancellation_are_both_left_out() -> None:
    assert told(file(line("Cancel Buy", "$1,854.95", "10", "$185.00"), BOUGHT)) == [
        "cancelled by line 3",
        "cancels line 4: neither is taken",
    ]


def test_a_split_is_reckoned_from_what_was_held() -> None:
    rows = file(line("Stock Split", "", "30", day="02/01/2024"), BOUGHT)
    assert told(rows)[1] == "split AAPL 4 USD"
    assert rows[1].oddity == "a split read as 4 for 1, from 10 held by this file"


def test_a_price_that_does_not_make_the_amount_is_odd() -> None:
    (row,) = file(line("Buy", "-$18.50", "10", "$185.00"))
    assert row.oddity == "10 at 185 are 1850, and 18.5 moved: the money is taken"


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    rows = [line("Cash Dividend", "$1.00")] * 10_000
    rows[3] = line("Moon", "$1.00")
    rows[4] = line("Cash Dividend", "one")
    rows[9_999] = line("Cash Dividend", "$1.00", day="soon")
    found = file(*rows)
    assert len(found) == 10_000
    assert sorted(row.line for row in found if row.refusal) == [6, 7, 10_002]
