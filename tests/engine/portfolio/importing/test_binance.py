"""Binance's transaction and trade histories, invented."""

from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.binance import Binance
from tio.engine.portfolio.importing.binance_trades import BinanceTrades
from tio.engine.portfolio.importing.rows import Row

D = Decimal
HEADER = '"User_ID","UTC_Time","Account","Operation","Coin","Change","Remark"'
TRADES = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee"
Said = tuple[str, str, Decimal | None, Decimal | None, str, Decimal]


def line(operation: str, coin: str, change: str, second: int = 0, account: str = "Spot") -> str:
    return f'"1","2024-03-19 19:43:{second:02}","{account}","{operation}","{coin}","{change}",""'


def read(*lines: str) -> list[Row]:
    text = "\n".join([HEADER, *lines])
    assert Binance().recognises(text)
    return list(Binance().read(text, "Europe/Berlin"))


def trades(*lines: str, header: str = TRADES) -> list[Row]:
    text = "\n".join([header, *lines])
    assert BinanceTrades().recognises(text)
    return list(BinanceTrades().read(text, "UTC"))


def told(rows: list[Row]) -> list[Transaction]:
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def said(rows: list[Row]) -> list[Said]:
    return [(e.kind.value, e.symbol, e.quantity, e.amount, e.currency, e.fee) for e in told(rows)]


def test_lines_of_one_time_are_one_trade_with_its_fee() -> None:
    rows = read(
        line("Transaction Spend", "USDC", "-49.489"),
        line("Transaction Buy", "BTC", "0.00055"),
        line("Transaction Fee", "BTC", "-0.00000052"),
    )

    assert said(rows) == [("buy", "BTC-USD", D("0.00054948"), D("49.489"), "USDC", D(0))]


def test_the_old_words_of_a_trade_are_read_too() -> None:
    rows = read(
        line("Buy", "ETH", "1", 1),
        line("Transaction Related", "EUR", "-2000", 1),
        line("Fee", "EUR", "-2", 1),
        line("Sell", "ETH", "-1", 2),
        line("Sell", "EUR", "2100", 2),
    )

    assert said(rows) == [
        ("buy", "ETH-USD", D(1), D(2000), "EUR", D(2)),
        ("sell", "ETH-USD", D(1), D(2100), "EUR", D(0)),
    ]


def test_fills_of_one_second_are_summed() -> None:
    rows = read(
        *[line("Transaction Spend", "EUR", "-10")] * 3,
        *[line("Transaction Buy", "BTC", "0.1")] * 3,
    )

    assert said(rows) == [("buy", "BTC-USD", D("0.3"), D(30), "EUR", D(0))]


def test_a_fee_in_a_third_coin_is_paid_with_that_coin() -> None:
    rows = read(
        line("Transaction Spend", "EUR", "-10"),
        line("Transaction Buy", "BTC", "0.1"),
        line("Transaction Fee", "BNB", "-0.01"),
    )

    assert said(rows) == [
        ("buy", "BTC-USD", D("0.1"), D(10), "EUR", D(0)),
        ("sell", "BNB-USD", D("0.01"), D("0.01"), "BNB", D(0)),
        ("fee", "BTC-USD", None, D("0.01"), "BNB", D(0)),
    ]


def test_dust_changed_at_once_is_told_pair_by_pair() -> None:
    rows = read(
        line("Small Assets Exchange BNB", "ADA", "-0.5"),
        line("Small Assets Exchange BNB", "BNB", "0.001"),
        line("Small Assets Exchange BNB", "BNB", "0.002"),
        line("Small Assets Exchange BNB", "XRP", "-3"),
    )

    assert [(e.kind.value, e.symbol, e.quantity) for e in told(rows)] == [
        ("sell", "ADA-USD", D("0.5")),
        ("buy", "BNB-USD", D("0.001")),
        ("sell", "XRP-USD", D(3)),
        ("buy", "BNB-USD", D("0.002")),
    ]


def test_what_comes_goes_and_is_earned() -> None:
    rows = read(
        line("Deposit", "EUR", "14.70"),
        line("Withdraw", "BTC", "-0.5"),
        line("Staking Rewards", "DOT", "0.1"),
        line("Simple Earn Flexible Interest", "USDT", "0.2"),
        line("Binance Convert", "USDT", "-20", 5),
        line("Binance Convert", "BTC", "0.001", 5),
    )

    assert said(rows) == [
        ("deposit", "", None, D("14.70"), "EUR", D(0)),
        ("transfer_out", "BTC-USD", D("0.5"), None, "USD", D(0)),
        ("interest", "", None, D("0.1"), "DOT", D(0)),
        ("buy", "DOT-USD", D("0.1"), D("0.1"), "DOT", D(0)),
        ("interest", "", None, D("0.2"), "USDT", D(0)),
        ("buy", "BTC-USD", D("0.001"), D(20), "USDT", D(0)),
    ]


def test_what_moves_nothing_or_cannot_be_told_apart_is_refused() -> None:
    rows = read(
        line("Simple Earn Flexible Subscription", "DOT", "-5"),
        line("Transaction Spend", "EUR", "-10", 2),
        line("Transaction Buy", "BTC", "0.1", 2),
        line("Transaction Buy", "ETH", "0.1", 2),
        line("Realized Profit and Loss", "USDT", "3", 3, "USDT-Futures"),
    )

    apart = "trades of one time that cannot be told apart: -10 EUR, 0.1 BTC, 0.1 ETH"
    assert [row.refusal for row in rows] == [
        "Simple Earn Flexible Subscription moves nothing in or out of Binance",
        *[apart] * 3,
        "USDT-Futures: futures and margin are not kept in a ledger",
    ]


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = [line("Deposit", "EUR", "10") for _ in range(10_000)]
    lines[3] = lines[3].replace("Deposit", "Gift")
    lines[4] = lines[4].replace('"10"', '"ten"')
    lines[9_999] = lines[9_999].replace("03-19 19", "03-39 19")
    rows = read(*lines)

    assert len(rows) == 10_000
    assert [row.line for row in rows if row.refusal] == [5, 6, 10_001]


@pytest.mark.parametrize("gap", ["", " "])
def test_trades_carry_their_coins(gap: str) -> None:
    rows = trades(
        f"2024-03-19 19:43:31,BTCUSDT,BUY,42000,0.5{gap}BTC,21000{gap}USDT,0.0005{gap}BTC",
        f"2024-03-19 19:43:32,1INCHUSDT,SELL,0.5,100{gap}1INCH,50{gap}USDT,0.001{gap}BNB",
    )

    assert said(rows) == [
        ("buy", "BTC-USD", D("0.4995"), D(21000), "USDT", D(0)),
        ("sell", "1INCH-USD", D(100), D(50), "USDT", D(0)),
        ("sell", "BNB-USD", D("0.001"), D("0.001"), "BNB", D(0)),
        ("fee", "1INCH-USD", None, D("0.001"), "BNB", D(0)),
    ]


def test_trades_may_tell_the_fee_s_coin_apart() -> None:
    rows = trades(
        "2024-03-19 19:43:31,ETHEUR,SELL,2500,2.0,5000,5.00,EUR", header=f"{TRADES},Fee Coin"
    )

    assert said(rows) == [("sell", "ETH-USD", D("2.0"), D(5000), "EUR", D("5.00"))]


def test_a_bad_trade_is_named() -> None:
    rows = trades(
        "2024-03-19 19:43:31,BTCUSDT,HOLD,42000,0.5BTC,21000USDT,0.1USDT",
        "2024-03-19 19:43:31,BTCUSDT,BUY,42000,0.5BTC,21000EUR,0.1USDT",
        "2024-03-19 19:43:31,WHAT,BUY,42000,0.5,21000,0.1",
    )

    assert [(row.line, row.refusal) for row in rows] == [
        (2, "Side: 'HOLD' is neither BUY nor SELL"),
        (3, "Pair: 'BTCUSDT' is not two coins that are known here"),
        (4, "Pair: 'WHAT' is not two coins that are known here"),
    ]
