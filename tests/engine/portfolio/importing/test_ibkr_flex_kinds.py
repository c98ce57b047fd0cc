"""Payments, corporate actions and transfers in Interactive Brokers' Flex XML, of every kind."""

from decimal import Decimal

import pytest
from broker_rows import entries, told
from flex_texts import action, cash, element, flex, trade

UNREAD = "a corporate action that is not read, enter it by hand"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "dividend AAPL = 5 USD"),
        ({"type": "Payment In Lieu Of Dividends"}, "dividend AAPL = 5 USD"),
        ({"amount": "-5"}, "dividend AAPL = -5 USD"),
        ({"symbol": ""}, "dividend AAPL = 5 USD"),
        ({"description": "X (Return of Capital)"}, "return_of_capital AAPL = 5 USD"),
        ({"type": "Withholding Tax", "amount": "-0.75"}, "tax AAPL = 0.75 USD"),
        ({"type": "871(m) Withholding", "amount": "-0.75"}, "tax AAPL = 0.75 USD"),
        ({"type": "Withholding Tax", "amount": "0.75"}, "tax AAPL = -0.75 USD"),
        ({"type": "Broker Interest Received", "symbol": ""}, "interest = 5 USD"),
        ({"type": "Broker Interest Paid", "symbol": "", "amount": "-3"}, "interest = -3 USD"),
        ({"type": "Bond Interest Received"}, "interest AAPL = 5 USD"),
        ({"type": "Other Fees", "symbol": "", "amount": "-2"}, "fee = 2 USD"),
        ({"type": "Advisor Fees", "symbol": "", "amount": "-2"}, "fee = 2 USD"),
        ({"type": "Commission Adjustments", "symbol": ""}, "fee = -5 USD"),
        ({"type": "Deposits/Withdrawals", "symbol": ""}, "deposit = 5 USD"),
        (
            {"type": "Deposits &amp; Withdrawals", "symbol": "", "amount": "-5"},
            "withdrawal = 5 USD",
        ),
        ({"type": "Stars"}, "there is no kind of payment 'Stars' known here, in line 3"),
        ({"amount": ""}, "CashTransaction in line 3 has no amount"),
    ],
)
def test_payments_of_every_kind(changed: dict[str, str], said: str) -> None:
    assert told(flex(cash(**changed), section="CashTransactions")) == [said]


def test_a_dividend_taken_back_is_odd() -> None:
    (row,) = flex(cash(amount="-5"), section="CashTransactions")
    assert row.oddity == "a dividend taken back"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [("AAPL(US0378331005) SPLIT 4 FOR 1 (AAPL, APPLE INC, US0378331005)", "30")],
            ["split AAPL 4 USD"],
        ),
        (
            [
                ("XY(US1) SPLIT 1 FOR 3 (XY, XY CO, US2)", "10"),
                ("XY(US1) SPLIT 1 FOR 3 (XY.OLD, XY CO, US1)", "-30"),
            ],
            ["split XY 0.333333333333333333 USD"],
        ),
        (
            [("XY(US1) STOCK DIVIDEND 1 FOR 20 (XY, XY CO, US1)", "5")],
            ["split XY 1.05 USD"],
        ),
        (
            [("GE(US3696043013) SPINOFF  1 FOR 4 (GEV, GE VERNOVA INC, US36828A1016)", "25")],
            ["spin_off GE 0.25 USD into GEV"],
        ),
        (
            [
                ("XY(US1) CUSIP/ISIN CHANGE TO (US2) (XY, XY CO, US2)", "10"),
                ("XY(US1) CUSIP/ISIN CHANGE TO (US2) (XY.OLD, XY CO, US1)", "-10"),
            ],
            [],
        ),
        (
            [("A(US1) MERGED(Acquisition) WITH US2 1 FOR 2 (B, B INC, US2)", "5")],
            [f"{UNREAD}: A(US1) MERGED(Acquisition) WITH US2 1 FOR 2 (B, B INC, US2) in line 3"],
        ),
        (
            [("A(US1) DELISTED (A, A CO, US1)", "-5")],
            [f"{UNREAD}: A(US1) DELISTED (A, A CO, US1) in line 3"],
        ),
    ],
)
def test_corporate_actions(lines: list[tuple[str, str]], said: list[str]) -> None:
    assert told(flex(*(action(*line) for line in lines), section="CorporateActions")) == said


def test_a_takeover_paid_in_cash_is_a_sale() -> None:
    what = "TWTR(US90184L1026) MERGED(Acquisition)  FOR USD 54.20 PER SHARE (TWTR, TWITTER, US9)"
    rows = flex(action(what, "-10", proceeds="542"), section="CorporateActions")
    assert told(rows) == ["sell TWTR 10 = 542 USD short"]
    assert rows[0].oddity


def test_a_spin_off_says_that_its_cost_is_not_told() -> None:
    what = "GE(US3696043013) SPINOFF  1 FOR 4 (GEV, GE VERNOVA INC, US36828A1016)"
    (row,) = flex(action(what, "25"), section="CorporateActions")
    assert "how much of the cost" in row.oddity
    assert row.transaction is not None
    assert row.transaction.cost_share == 0


def test_a_cancelled_corporate_action_is_left_out() -> None:
    what = "GE(US1) SPINOFF  1 FOR 4 (GEV, GE VERNOVA INC, US2)"
    assert told(
        flex(action(what, "25"), action(what, "-25", code="Ca"), section="CorporateActions")
    ) == ["cancelled by line 4", "cancels line 3: neither is taken"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "transfer_in AAPL 10 = 1855 USD"),
        ({"direction": "OUT"}, "transfer_out AAPL 10 = 1855 USD"),
        ({"direction": "OUT", "positionAmount": "0"}, "transfer_out AAPL 10 USD"),
        (
            {"positionAmount": "0"},
            "a transfer in line 3 does not tell what AAPL is worth",
        ),
        (
            {"assetCategory": "CASH", "symbol": "--", "cashTransfer": "500"},
            "transfer_in = 500 USD",
        ),
        ({"transferPrice": "150"}, "transfer_in AAPL 10 @ 150 = 1855 USD"),
        (
            {"symbol": "AAPL 19JAN24 150.0 C"},
            "options are not kept: AAPL 19JAN24 150.0 C in line 3",
        ),
        ({"direction": "UP"}, "there is no direction of a transfer 'UP' known here, in line 3"),
    ],
)
def test_transfers(changed: dict[str, str], said: str) -> None:
    attributes = {
        "currency": "USD",
        "assetCategory": "STK",
        "symbol": "AAPL",
        "date": "20240103",
        "type": "ACATS",
        "direction": "IN",
        "quantity": "10",
        "positionAmount": "1855",
    }
    assert told(flex(element("Transfer", **(attributes | changed)), section="Transfers")) == [said]


def test_what_moves_between_accounts_of_the_file_is_told_where_it_goes_out() -> None:
    known = {"currency": "USD", "assetCategory": "STK", "symbol": "AAPL", "date": "20240103"}
    out = element("Transfer", **known, direction="OUT", quantity="-5", account="U2")
    come = element("Transfer", **known, direction="IN", quantity="5", account="U1", accountId="U2")
    (entry,) = entries(flex(out, come, section="Transfers"))
    assert (entry.kind, entry.account, entry.to_account) == ("transfer_out", "U1", "U2")
    assert (entry.symbol, entry.quantity, entry.amount) == ("AAPL", Decimal(5), None)


def test_taxes_on_trades_count_where_no_trade_tells_them() -> None:
    known = {"currency": "GBP", "date": "20240103", "symbol": "XY", "taxDescription": "Stamp duty"}
    rows = flex(
        trade(tradeID="1", taxes="-2"),
        element("TransactionTax", **known, taxAmount="-2", tradeId="1"),
        element("TransactionTax", **known, taxAmount="-4", tradeId="9"),
    )
    assert told(rows) == ["buy AAPL 10 @ 185.5 = 1855 USD fee 1 tax 2", "tax XY = 4 GBP"]
