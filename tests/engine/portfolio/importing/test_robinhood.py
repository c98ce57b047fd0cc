"""Robinhood's account activity report, invented lines of every code."""

from datetime import UTC, datetime

import pytest
from broker_rows import counts, entries, read, told

from tio.engine.portfolio.importing.rows import Row

HEADER = (
    '"Activity Date","Process Date","Settle Date","Instrument","Description","Trans Code",'
    '"Quantity","Price","Amount"'
)
FOOTER = (
    '"","","","","","","","",""\n'
    '"","","","","","","","","The data provided is for informational purposes only, please."\n'
)


def line(
    code: str,
    amount: str = "",
    quantity: str = "",
    price: str = "",
    instrument: str = "AAPL",
    day: str = "1/3/2024",
    description: str = "Apple\nCUSIP: 037833100",
) -> str:
    cells = (day, day, day, instrument, description, code, quantity, price, amount)
    return ",".join(f'"{cell}"' for cell in cells)


def report(*lines: str) -> list[Row]:
    return read("\n".join([HEADER, *lines, FOOTER]), "robinhood")


def test_a_report_is_told_the_oldest_first_with_the_lines_of_the_file() -> None:
    rows = report(
        line("Sell", "$999.97", "5", "$200.00", day="2/1/2024"),
        line("CDIV", "$2.40", day="1/15/2024", description="Cash Div: R/D 2024-01-10"),
        line("Buy", "($1,850.00)", "10", "$185.00"),
        line("ACH", "$5,000.00", instrument="", description="ACH Deposit"),
    )
    assert told(rows) == [
        "deposit = 5000 USD",
        "buy AAPL 10 @ 185 = 1850 USD",
        "dividend AAPL = 2.4 USD",
        "sell AAPL 5 @ 200 = 999.97 USD",
    ]
    assert [row.line for row in rows] == [7, 5, 4, 2]
    assert entries(rows)[1].at == datetime(2024, 1, 4, 4, 59, 59, 999999, UTC)
    assert rows[1].security.name == "Apple"
    assert not [row.oddity for row in rows if row.oddity]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("CDIV", "($2.40)"), "dividend AAPL = -2.4 USD"),
        (line("MDIV", "$2.40"), "dividend AAPL = 2.4 USD"),
        (line("INT", "$0.50", instrument=""), "interest = 0.5 USD"),
        (line("MINT", "($0.50)", instrument=""), "interest = -0.5 USD"),
        (line("SLIP", "$0.01"), "interest AAPL = 0.01 USD"),
        (line("GOLD", "($5.00)", instrument=""), "fee = 5 USD"),
        (line("GDBP", "$5.00", instrument=""), "interest = 5 USD"),
        (line("DFEE", "($0.10)"), "fee AAPL = 0.1 USD"),
        (line("AFEE", "($0.10)"), "fee AAPL = 0.1 USD"),
        (line("DTAX", "($0.36)"), "tax AAPL = 0.36 USD"),
        (line("DTAX", "$0.36"), "tax AAPL = -0.36 USD"),
        (line("ACH", "($100.00)", instrument=""), "withdrawal = 100 USD"),
        (line("RTP", "($100.00)", instrument=""), "withdrawal = 100 USD"),
        (line("CIL", "$1.25"), "return_of_capital AAPL = 1.25 USD"),
        (line("REC", quantity="1", price="$10.00"), "transfer_in AAPL 1 @ 10 USD"),
        (line("ACATO", quantity="10"), "transfer_out AAPL 10 USD"),
        (line("ACATI", "$500.00", instrument=""), "deposit = 500 USD"),
        (
            line("REC", quantity="1"),
            "what 1 AAPL cost is not told, enter them as a transfer in: line 2",
        ),
        (
            line("BTO", "($150.00)", "1", "$1.50", description="AAPL 1/19/2024 Call $150.00"),
            "options are not kept: AAPL 1/19/2024 Call $150.00 in line 2",
        ),
        (
            line("OEXP", quantity="1", description="Option Expiration for AAPL 1/19/2024 Put"),
            "options are not kept: Option Expiration for AAPL 1/19/2024 Put in line 2",
        ),
        (
            line("SOFF", quantity="1"),
            "a corporate action (SOFF) of AAPL is not read, enter it by hand: line 2",
        ),
        (line("MOON"), "there is no action 'MOON' known here, in line 2"),
        (line("Buy", "$10.00", "1", "$10.00"), "a purchase cannot bring 10"),
        (line("Sell", "($10.00)", "1", "$10.00"), "a sale cannot cost 10"),
        (line("Buy", "($10.00)"), "Buy: no quantity is told"),
        (line("Buy", "", "1"), "Amount: no amount is told"),
        (line("Buy", "($10.00)", "one"), "Quantity: 'one' is no number"),
        (line("Buy", "($10.00)", "1", day="13/1/2024"), "Activity Date: '13/1/2024' is no date"),
        ('"1/3/2024","1/3/2024"', "line 2 is broken: it has 2 cells, and the header 9"),
    ],
)
def test_lines_of_every_code(row: str, said: str) -> None:
    assert told(report(row)) == [said]


def test_a_split_is_reckoned_from_what_was_held() -> None:
    rows = report(
        line("SPL", quantity="30", day="2/1/2024"),
        line("Buy", "($1,850.00)", "10", "$185.00"),
    )
    assert told(rows)[1] == "split AAPL 4 USD"
    assert rows[1].oddity == "a split read as 4 for 1, from 10 held by this file"


def test_a_reverse_split_is_told_by_what_went_and_what_came() -> None:
    rows = report(
        line("SPR", quantity="10", day="2/1/2024"),
        line("SPR", quantity="100S", day="2/1/2024"),
        line("Buy", "($100.00)", "100", "$1.00"),
    )
    assert told(rows) == ["buy AAPL 100 @ 1 = 100 USD", "split AAPL 0.1 USD"]


def test_a_split_of_shares_bought_before_the_report_is_refused() -> None:
    (row,) = report(line("SPL", quantity="30"))
    assert "the file does not tell how many there were before" in row.refusal


def test_a_purchase_and_a_sale_of_one_day_keep_the_order_they_happened_in() -> None:
    assert counts(
        report(line("Sell", "$20.00", "1", "$20.00"), line("Buy", "($10.00)", "1", "$10.00"))
    ) == {"buy": 1, "sell": 1}
    rows = report(line("Sell", "$20.00", "1", "$20.00"), line("Buy", "($10.00)", "1", "$10.00"))
    assert not [row.oddity for row in rows if row.oddity]


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    rows = [line("CDIV", "$1.00", description="x")] * 10_000
    rows[3] = line("MOON", description="x")
    rows[4] = line("CDIV", "one", description="x")
    rows[9_999] = line("CDIV", "$1.00", day="soon", description="x")
    found = report(*rows)
    assert len(found) == 10_000
    assert sorted(row.line for row in found if row.refusal) == [5, 6, 10_001]
