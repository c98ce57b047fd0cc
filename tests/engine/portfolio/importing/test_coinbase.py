"""Coinbase's reports, invented in the columns of several years."""

from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coinbase import Coinbase
from tio.engine.portfolio.importing.coins import BY_RATE
from tio.engine.portfolio.importing.rows import Row

D = Decimal
HEADER = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,"
    "Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
)
TIME = "2024-03-04 10:00:00 UTC"


def read(*lines: str, header: str = HEADER) -> list[Row]:
    text = "\n".join(["", "Transactions", "User,A Person,0000", header, *lines])
    assert Coinbase().recognises(text)
    return list(Coinbase().read(text, "UTC"))


def told(*lines: str, header: str = HEADER) -> list[Transaction]:
    rows = read(*lines, header=header)
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def said(entry: Transaction) -> tuple[str, str, Decimal | None, Decimal | None, str, Decimal]:
    return (
        entry.kind.value,
        entry.symbol,
        entry.quantity,
        entry.amount,
        entry.currency,
        entry.fee,
    )


def test_a_purchase_is_before_its_fee() -> None:
    (buy,) = told(f"1,{TIME},Buy,BTC,0.005,USD,$90000.00,$450.00,$460.00,$10.00,Bought 0.005 BTC")

    assert said(buy) == ("buy", "BTC-USD", D("0.005"), D(450), "USD", D(10))
    assert buy.reference == "1"
    assert buy.at.isoformat() == "2024-03-04T10:00:00+00:00"


@pytest.mark.parametrize("quantity", ["2", "-2"])
def test_a_sale_is_before_its_fee_whatever_the_sign(quantity: str) -> None:
    (sale,) = told(
        f"1,{TIME},Advanced Trade Sell,ETH,{quantity},EUR,€2000.00,-€4000.00,-€3990.00,€10.00,"
    )

    assert said(sale) == ("sell", "ETH-USD", D(2), D(4000), "EUR", D(10))


def test_sending_and_receiving_carry_their_worth() -> None:
    sent, received = told(
        f"1,{TIME},Send,BTC,-0.5,USD,$60000.00,,,,to a wallet",
        f"2,{TIME},Receive,BTC,0.25,USD,$60000.00,$15000.00,$15000.00,$0.00,",
    )

    assert said(sent) == ("transfer_out", "BTC-USD", D("0.5"), D(30000), "USD", D(0))
    assert said(received) == ("transfer_in", "BTC-USD", D("0.25"), D(15000), "USD", D(0))


def test_a_reward_is_income_and_a_purchase_for_it() -> None:
    income, purchase = told(
        f"1,{TIME},Staking Income,SOL,0.01,USD,$95.00,$0.95,$0.95,$0.00,",
    )

    assert said(income) == ("interest", "", None, D("0.95"), "USD", D(0))
    assert said(purchase) == ("buy", "SOL-USD", D("0.01"), D("0.95"), "USD", D(0))


def test_a_conversion_sells_one_coin_and_buys_the_other_for_what_it_brought() -> None:
    sold, bought = told(
        f"1,{TIME},Convert,BTC,-0.001,USD,$90000.00,$90.00,$89.00,$1.00,"
        "Converted 0.001 BTC to 0.0445 ETH",
    )

    assert said(sold) == ("sell", "BTC-USD", D("0.001"), D(90), "USD", D(1))
    assert said(bought) == ("buy", "ETH-USD", D("0.0445"), D(89), "USD", D(0))


def test_money_comes_and_goes_as_cash() -> None:
    came, went = told(
        f"1,{TIME},Deposit,EUR,100,EUR,€1.00,€100.00,€100.00,€0.00,",
        f"2,{TIME},Withdrawal,EUR,-40,EUR,€1.00,€40.00,€40.00,€0.00,",
    )

    assert said(came) == ("deposit", "", None, D(100), "EUR", D(0))
    assert said(went) == ("withdrawal", "", None, D(40), "EUR", D(0))


def test_a_stablecoin_is_a_coin_unless_the_file_prices_in_it() -> None:
    (coin,) = told(f"1,{TIME},Buy,USDC,50,USD,$1.00,$50.00,$50.00,$0.00,")
    (_, cash) = told(
        f"1,{TIME},Advanced Trade Buy,BTC,0.001,USDC,60000,60,60.1,0.1,",
        f"2,{TIME},Receive,USDC,50,USD,$1.00,$50.00,$50.00,$0.00,",
    )

    assert said(coin) == ("buy", "USDC-USD", D(50), D(50), "USD", D(0))
    assert said(cash) == ("deposit", "", None, D(50), "USDC", D(0))


@pytest.mark.parametrize(
    "header",
    [
        (
            "Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,"
            "Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),"
            "Fees and/or Spread,Notes"
        ),
        (
            "Timestamp,Transaction Type,Asset,Quantity Transacted,EUR Spot Price at Transaction,"
            "EUR Subtotal,EUR Total (inclusive of fees),EUR Fees,Notes"
        ),
    ],
)
def test_older_columns_are_read(header: str) -> None:
    currency = "" if "EUR" in header else "EUR,"
    (buy,) = told(f"2021-03-04T10:00:00Z,Buy,BTC,0.01,{currency}40000,400,406,6,x", header=header)

    assert said(buy) == ("buy", "BTC-USD", D("0.01"), D(400), "EUR", D(6))


def test_what_has_no_worth_in_the_file_is_told_in_the_coin() -> None:
    (row,) = read(f"1,{TIME},Receive,BTC,0.25,USD,,,,,")

    assert row.transaction is not None
    assert said(row.transaction)[2:5] == (D("0.25"), D("0.25"), "BTC")
    assert row.oddity == BY_RATE


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = [f"{n},{TIME},Buy,BTC,0.005,USD,$90.00,$450.00,$460.00,$10.00," for n in range(10_000)]
    lines[10] = lines[10].replace("Buy", "Borrow")
    lines[20] = lines[20].replace("0.005", "some")
    lines[9_999] = lines[9_999].replace("03-04", "13-04")
    rows = read(*lines)
    refused = [(row.line, row.refusal) for row in rows if row.refusal]

    assert len(rows) == 10_000
    assert refused == [
        (15, "there is no transaction type 'Borrow'"),
        (25, "Quantity Transacted: 'some' is no number"),
        (10_004, "Timestamp: '2024-13-04 10:00:00 UTC' is no date or time"),
    ]
