"""Interactive Brokers' Flex XML: real answers of queries, by what stands in them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from broker_rows import counts, entries, read, told

from tio.engine.portfolio.importing.rows import Row

from recorded import read_text

D = Decimal
FOLDER = "6_portfolio/broker_exports/testIBFlexStatementFile"


def recorded(number: str) -> list[Row]:
    return read(read_text(f"{FOLDER}{number}.xml.gz"), "ibkr_flex")


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        (
            "01",
            {
                "buy": 13,
                "split": 1,
                "sell": 1,
                "fee": 4,
                "interest": 2,
                "tax": 1,
                "refused": 1,
            },
        ),
        ("03", {"interest": 1}),
        ("04", {"buy": 1}),
        ("05", {"buy": 2, "dividend": 2}),
        ("06", {"buy": 2, "dividend": 2}),
        ("07", {"buy": 1}),
        ("12", {"buy": 4, "tax": 6, "dividend": 4, "fee": 2, "deposit": 1, "interest": 1}),
        ("14", {"buy": 6, "exchange": 2, "deposit": 2}),
        ("16", {"buy": 1, "sell": 1}),
        ("17", {"fee": 3, "tax": 3}),
        ("27", {"buy": 1}),
        ("29", {"dividend": 4, "return_of_capital": 1}),
    ],
)
def test_real_files_give_what_stands_in_them(number: str, kinds: dict[str, int]) -> None:
    assert counts(recorded(number)) == kinds


def test_the_trades_of_a_real_file_hold_to_the_cent() -> None:
    rows = recorded("14")
    assert told(rows) == [
        "buy CHSPIz 2 @ 136.16 = 272.32 CHF fee 3.420848",
        "buy CHSPIz 2 @ 138.38 = 276.76 CHF fee 3.421514",
        "buy VTI 5 @ 204.918 = 1024.59 USD fee 0.35125725",
        "buy VTI 5 @ 201.04 = 1005.2 USD fee 0.36625725",
        "buy VXUS 5 @ 55.54 = 277.7 USD fee 0.34325725",
        "buy VXUS 5 @ 54.178 = 270.89 USD fee 0.35125725",
        "exchange = 1200 CHF fee 1.84194 to 1301.04 USD",
        "exchange = 1235 CHF fee 1.88208 to 1311.26125 USD",
        "deposit = 1500 CHF",
        "deposit = 1500 CHF",
    ]
    first = rows[0]
    assert first.line == 10
    assert first.security.isin == "CH0237935652"
    assert first.security.exchange == "EBS"
    assert first.transaction is not None
    assert first.transaction.at == datetime(2023, 2, 10, 12, 15, 26, tzinfo=UTC)
    assert first.transaction.reference == "5281530886"
    assert {row.transaction.account for row in rows if row.transaction} == {""}


def test_what_the_real_trades_leave_of_cash_is_what_the_broker_says() -> None:
    # Its cash report: CHF began at 0.521566563, USD at 56.320322578.
    left = {"CHF": D("0.521566563"), "USD": D("56.320322578")}
    for entry in entries(recorded("14")):
        assert entry.amount is not None
        way = 1 if entry.kind == "deposit" else -1
        left[entry.currency] += way * entry.amount - entry.fee
        if entry.to_amount is not None:
            left[entry.to_currency] += entry.to_amount
    text = read_text(f"{FOLDER}14.xml.gz")
    for currency, amount in left.items():
        report = text.partition(f'currency="{currency}" levelOfDetail="Currency"')[2]
        ending = D(report.partition('endingCash="')[2].partition('"')[0])
        assert abs(amount - ending) < D("0.000001")


def test_tendered_shares_are_paid_for_under_their_old_name_and_a_reverse_split_is_told_once() -> (
    None
):
    rows = recorded("01")
    assert [(row.line, line) for row, line in zip(rows, told(rows), strict=True)][13:17] == [
        (18, "options are not kept: FB 180921C00200000 in line 18"),
        (40, "split GCM 0.04 CAD"),
        (42, "sell UUU 12000 = 34320 CAD"),
        (45, "fee = 10 CHF"),
    ]
    bought = [
        row.transaction for row in rows if row.transaction and row.transaction.symbol == "UUU"
    ]
    assert sum((e.quantity or D(0)) for e in bought if e.kind == "buy") == 12000
    assert not [row.oddity for row in rows if row.oddity]


def test_a_fee_given_back_lowers_fees_and_interest_paid_is_below_zero() -> None:
    rows = recorded("01")
    assert told(rows)[-5:] == [
        "interest = 1.23 CAD",
        "interest = -15.17 CAD",
        "tax GCM.TO = 2.07 USD",
        "fee = 9.18 USD",
        "fee = -9.18 USD",
    ]


def test_a_trade_told_by_its_cost_alone_is_without_its_commission() -> None:
    assert told(recorded("12"))[0] == "buy XXXXXCAD 400 = 1230 CAD fee 4"


def test_a_summary_that_tells_a_payment_again_is_left_out() -> None:
    (row,) = recorded("03")
    assert row.transaction is not None
    assert (row.line, row.transaction.reference) == (6, "mytransactionidhere")


def test_accounts_are_named_where_a_file_has_several() -> None:
    assert {entry.account for entry in entries(recorded("05"))} == {"U1234567", "U2379850"}


def test_minor_units_stay_as_told() -> None:
    assert told(recorded("29"))[3] == "dividend GBDV = 138 GBX"
