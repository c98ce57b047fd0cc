"""Fidelity's account history, invented lines of every action."""

from datetime import UTC, datetime

import pytest
from broker_rows import entries, read, told

from tio.engine.portfolio.importing.rows import Row

HEADER = (
    "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),"
    "Accrued Interest ($),Amount ($),Settlement Date"
)
FOOTER = """

"The data and information in this spreadsheet is provided to you solely for your use and is not
for distribution. The spreadsheet is provided for informational purposes only."

"Brokerage services are provided by Fidelity Brokerage Services LLC, 900 Salem Street."

Date downloaded 02/01/2024 10:20 am
"""


def line(
    action: str,
    amount: str = "",
    quantity: str = "",
    price: str = "",
    symbol: str = "AAPL",
    day: str = "01/03/2024",
    commission: str = "",
    fees: str = "",
    accrued: str = "",
    type: str = "Cash",
) -> str:
    return (
        f' {day}," {action}", {symbol}, APPLE INC,{type},{quantity},{price},{commission},{fees},'
        f"{accrued},{amount},{day}"
    )


def history(*lines: str) -> list[Row]:
    return read("\n\n" + "\n".join([HEADER, *lines]) + FOOTER, "fidelity")


BOUGHT = line(
    "YOU BOUGHT APPLE INC (AAPL) (Cash)", "-1855", "10", "185", commission="4.95", fees="0.05"
)


def test_a_history_is_told_the_oldest_first_with_the_lines_of_the_file() -> None:
    rows = history(
        line(
            "YOU SOLD APPLE INC (AAPL) (Cash)", "999.98", "-5", "200", fees="0.02", day="02/01/2024"
        ),
        line("REINVESTMENT APPLE INC (AAPL) (Cash)", "-2.4", "0.012", "200", day="01/15/2024"),
        line("DIVIDEND RECEIVED APPLE INC (AAPL) (Cash)", "2.4", "0.000", day="01/15/2024"),
        BOUGHT,
        line("Electronic Funds Transfer Received (Cash)", "5000", symbol=""),
    )
    assert told(rows) == [
        "deposit = 5000 USD",
        "buy AAPL 10 @ 185 = 1850 USD fee 5",
        "dividend AAPL = 2.4 USD",
        "buy AAPL 0.012 @ 200 = 2.4 USD",
        "sell AAPL 5 @ 200 = 1000 USD fee 0.02",
    ]
    assert [row.line for row in rows] == [8, 7, 6, 5, 4]
    assert entries(rows)[1].at == datetime(2024, 1, 4, 4, 59, 59, 999999, UTC)
    assert rows[1].security.name == "APPLE INC"
    assert not [row.oddity for row in rows if row.oddity]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("DIVIDEND RECEIVED APPLE", "-2.4"), "dividend AAPL = -2.4 USD"),
        (line("LONG-TERM CAP GAIN FUND", "2.4"), "dividend AAPL = 2.4 USD"),
        (line("SHORT-TERM CAP GAIN FUND", "2.4"), "dividend AAPL = 2.4 USD"),
        (line("RETURN OF CAPITAL FUND", "2.4"), "return_of_capital AAPL = 2.4 USD"),
        (line("IN LIEU OF FRX SHARE LEU PAYOUT", "2.4"), "return_of_capital AAPL = 2.4 USD"),
        (line("INTEREST EARNED CASH", "0.5", symbol=""), "interest = 0.5 USD"),
        (line("MARGIN INTEREST @ 8%", "-0.5", symbol=""), "interest = -0.5 USD"),
        (line("FOREIGN TAX PAID APPLE", "-0.36"), "tax AAPL = 0.36 USD"),
        (line("ADVISORY FEE", "-5", symbol=""), "fee = 5 USD"),
        (line("FEE CHARGED ADR", "-0.1"), "fee AAPL = 0.1 USD"),
        (line("Electronic Funds Transfer Paid", "-5", symbol=""), "withdrawal = 5 USD"),
        (line("DIRECT DEPOSIT ACME", "5", symbol=""), "deposit = 5 USD"),
        (line("DEBIT CARD PURCHASE SHOP", "-5", symbol=""), "withdrawal = 5 USD"),
        (line("WIRE TRANSFER TO BANK", "-5", symbol=""), "withdrawal = 5 USD"),
        (line("CASH CONTRIBUTION CURRENT YEAR", "5", symbol=""), "deposit = 5 USD"),
        (line("TRANSFERRED FROM VS Z1-1", "500", "10"), "transfer_in AAPL 10 = 500 USD"),
        (line("TRANSFERRED TO VS Z1-1", "", "-10"), "transfer_out AAPL 10 USD"),
        (line("TRANSFERRED TO VS Z1-1", "-500", symbol=""), "withdrawal = 500 USD"),
        (
            line("PURCHASE INTO CORE ACCOUNT FIDELITY (SPAXX)", "-500", "500", "1", "SPAXX"),
            "buy SPAXX 500 @ 1 = 500 USD",
        ),
        (
            line("JOURNALED SPP PURCHASE CREDIT", "", "10"),
            "what 10 AAPL cost is not told, enter them as a transfer in: line 4",
        ),
        (
            line(
                "YOU SOLD OPENING TRANSACTION CALL (AAPL) APPLE INC JAN 19 24 $150",
                "150",
                "-1",
                "1.5",
                "-AAPL240119C150",
            ),
            "options are not kept: -AAPL240119C150 in line 4",
        ),
        (
            line("EXPIRED CALL (AAPL) APPLE INC JAN 19 24 $150", "", "1", "", "-AAPL240119C150"),
            "options are not kept: -AAPL240119C150 in line 4",
        ),
        (
            line("MERGER MER FROM 1 FOR 2 X", "", "10"),
            "a corporate action is not read, enter it by hand: MERGER MER FROM 1 FOR 2 X in line 4",
        ),
        (
            line("DISTRIBUTION SPINOFF X", "", "10"),
            "a corporate action is not read, enter it by hand: DISTRIBUTION SPINOFF X in line 4",
        ),
        (line("MOON LANDING", "5"), "there is no action 'MOON LANDING' known here, in line 4"),
        (line("YOU BOUGHT APPLE", "5", "1", "5"), "a purchase cannot bring 5"),
        (line("YOU BOUGHT APPLE", "-5", "-1", "5"), "a buy of -1 AAPL contradicts itself"),
        (line("YOU SOLD APPLE", "5", "1", "5"), "a sell of 1 AAPL contradicts itself"),
        (line("YOU SOLD APPLE", "-5", "-1", "5"), "a sale cannot cost 5"),
        (line("YOU BOUGHT APPLE", "-5"), "buy: no quantity is told"),
        (line("YOU BOUGHT APPLE", "", "1"), "Amount: no amount is told"),
        (line("YOU BOUGHT APPLE", "-five", "1"), "Amount ($): '-five' is no number"),
        (line("DIVIDEND", "1", day="13/01/2024"), "Run Date: '13/01/2024' is no date"),
        (
            line("BUY CANCEL CORRECTED CONFIRM APPLE", "1855", "-10"),
            "line 4 takes back what this file does not hold: BUY CANCEL CORRECTED CONFIRM APPLE",
        ),
        ("01/03/2024,YOU", "line 4 is broken: it has 2 cells, and the header 12"),
    ],
)
def test_lines_of_every_action(row: str, said: str) -> None:
    assert told(history(row)) == [said]


def test_a_cancelled_purchase_and_its_cancellation_are_both_left_out() -> None:
    assert told(history(line("BUY CANCEL APPLE INC (AAPL)", "1855", "-10"), BOUGHT)) == [
        "cancelled by line 4",
        "cancels line 5: neither is taken",
    ]


def test_a_split_is_reckoned_from_what_was_held() -> None:
    rows = history(line("DISTRIBUTION APPLE INC (AAPL)", "", "30", day="02/01/2024"), BOUGHT)
    assert told(rows)[1] == "split AAPL 4 USD"
    assert rows[1].oddity == "a split read as 4 for 1, from 10 held by this file"


def test_accrued_interest_and_short_sales_are_told() -> None:
    (bond,) = history(line("YOU BOUGHT BOND", "-1005", "1000", "1", accrued="5"))
    assert bond.oddity == "accrued interest of 5 is in what was paid"
    (short,) = history(line("YOU SOLD SHORT SALE APPLE", "100", "-1", "100", type="Short"))
    assert told([short]) == ["sell AAPL 1 @ 100 = 100 USD short"]
    assert not short.oddity


def test_the_history_of_several_accounts_names_them() -> None:
    header = (
        "Run Date,Account,Account Number,Action,Symbol,Description,Type,Exchange Quantity,"
        "Exchange Currency,Quantity,Currency,Price,Exchange Rate,Commission,Fees,Accrued Interest,"
        "Amount,Cash Balance,Settlement Date"
    )
    row = "01/03/2024,X,{},YOU BOUGHT A (A),A,A,Cash,0,,10,USD,5,0,1,,,-51,100,01/05/2024"
    rows = read("\n".join([header, row.format("Z1"), row.format("Z2")]), "fidelity")
    assert told(rows) == ["buy A 10 @ 5 = 50 USD fee 1"] * 2
    assert {entry.account for entry in entries(rows)} == {"Z1", "Z2"}


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    rows = [line("DIVIDEND RECEIVED", "1")] * 10_000
    rows[3] = line("MOON", "1")
    rows[4] = line("DIVIDEND RECEIVED", "one")
    rows[9_999] = line("DIVIDEND RECEIVED", "1", day="soon")
    found = history(*rows)
    assert len(found) == 10_000
    assert sorted(row.line for row in found if row.refusal) == [7, 8, 10_003]
