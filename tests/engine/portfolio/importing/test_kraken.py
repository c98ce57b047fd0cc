"""Kraken's ledgers.csv and trades.csv, invented."""

from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coins import BY_RATE
from tio.engine.portfolio.importing.kraken import KrakenLedger, KrakenTrades
from tio.engine.portfolio.importing.kraken_names import coin_named, parted
from tio.engine.portfolio.importing.rows import Row

D = Decimal
HEADER = '"txid","refid","time","type","subtype","aclass","asset","wallet","amount","fee","balance"'
TRADES = (
    '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin",'
    '"misc","ledgers"'
)
Said = tuple[str, str, Decimal | None, Decimal | None, str, Decimal]


def line(refid: str, kind: str, asset: str, amount: str, fee: str = "0", sub: str = "") -> str:
    return (
        f'"L{refid}{asset}","{refid}","2024-03-19 19:43:31","{kind}","{sub}","currency","{asset}",'
        f'"spot / main",{amount},{fee},1'
    )


def read(*lines: str) -> list[Row]:
    text = "\n".join([HEADER, *lines])
    assert KrakenLedger().recognises(text)
    return list(KrakenLedger().read(text, "Europe/Berlin"))


def told(rows: list[Row]) -> list[Transaction]:
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def said(*lines: str) -> list[Said]:
    return [
        (e.kind.value, e.symbol, e.quantity, e.amount, e.currency, e.fee)
        for e in told(read(*lines))
    ]


@pytest.mark.parametrize(
    ("kraken", "ours"),
    [("XXBT", "BTC"), ("ZUSD", "USD"), ("XETH", "ETH"), ("DOT28.S", "DOT"), ("ETH2.S", "ETH")]
    + [("ADA", "ADA"), ("XDG", "DOGE"), ("USDT", "USDT"), ("ETH.F", "ETH"), ("EUR.HOLD", "EUR")],
)
def test_coins_have_one_name(kraken: str, ours: str) -> None:
    assert coin_named(kraken) == ours


@pytest.mark.parametrize("pair", ["XXBTZUSD", "XBTUSD", "BTC/USD"])
def test_pairs_are_parted(pair: str) -> None:
    assert parted(pair) == ("BTC", "USD")


def test_two_lines_of_one_refid_are_a_trade() -> None:
    assert said(
        line("T1", "trade", "ZEUR", "-100.00", "0.18"), line("T1", "trade", "XXBT", "0.002")
    ) == [("buy", "BTC-USD", D("0.002"), D(100), "EUR", D("0.18"))]
    assert said(
        line("T2", "trade", "XLTC", "-1"), line("T2", "trade", "ZEUR", "80.00", "0.20")
    ) == [("sell", "LTC-USD", D(1), D(80), "EUR", D("0.20"))]


def test_spend_and_receive_are_a_trade_and_its_fee_in_coins_lessens_them() -> None:
    assert said(
        line("S1", "spend", "ZUSD", "-50.00", "0"), line("S1", "receive", "ADA", "100", "1.5")
    ) == [("buy", "ADA-USD", D("98.5"), D(50), "USD", D(0))]


def test_currencies_are_exchanged() -> None:
    assert said(line("X1", "trade", "ZEUR", "-100", "0.2"), line("X1", "trade", "ZUSD", "108")) == [
        ("exchange", "", None, D(100), "EUR", D("0.2"))
    ]


def test_a_coin_for_a_coin_is_told_in_the_one_given() -> None:
    rows = read(line("C1", "trade", "XXBT", "-0.01"), line("C1", "trade", "XETH", "0.2"))

    assert [(e.kind.value, e.symbol, e.amount, e.currency) for e in told(rows)] == [
        ("sell", "BTC-USD", D("0.01"), "BTC"),
        ("buy", "ETH-USD", D("0.01"), "BTC"),
    ]
    assert [row.oddity for row in rows] == [BY_RATE, BY_RATE]


def test_a_stablecoin_coins_are_traded_for_is_cash() -> None:
    assert said(
        line("D1", "deposit", "USDT", "500"),
        line("T1", "trade", "USDT", "-100"),
        line("T1", "trade", "XXBT", "0.002"),
    ) == [
        ("deposit", "", None, D(500), "USDT", D(0)),
        ("buy", "BTC-USD", D("0.002"), D(100), "USDT", D(0)),
    ]


def test_deposits_and_withdrawals_of_money_and_coins() -> None:
    assert said(
        line("D1", "deposit", "ZEUR", "1000", "1"),
        line("D2", "deposit", "XXBT", "0.5"),
        line("W1", "withdrawal", "ZEUR", "-50", "0.9"),
        line("W2", "withdrawal", "ADA", "-20", "0.6"),
    ) == [
        ("deposit", "", None, D(1000), "EUR", D(1)),
        ("transfer_in", "BTC-USD", D("0.5"), D("0.5"), "BTC", D(0)),
        ("withdrawal", "", None, D(50), "EUR", D("0.9")),
        ("transfer_out", "ADA-USD", D(20), None, "USD", D(0)),
        ("sell", "ADA-USD", D("0.6"), D("0.6"), "ADA", D(0)),
        ("fee", "", None, D("0.6"), "ADA", D(0)),
    ]


def test_staking_is_income_and_a_purchase_for_it() -> None:
    assert said(
        line("R1", "staking", "DOT.S", "0.5"), line("R2", "earn", "ETH", "0.1", sub="reward")
    ) == [
        ("interest", "", None, D("0.5"), "DOT", D(0)),
        ("buy", "DOT-USD", D("0.5"), D("0.5"), "DOT", D(0)),
        ("interest", "", None, D("0.1"), "ETH", D(0)),
        ("buy", "ETH-USD", D("0.1"), D("0.1"), "ETH", D(0)),
    ]


def test_what_moves_nothing_is_refused_with_the_reason() -> None:
    rows = read(
        line("M1", "transfer", "DOT", "-5", sub="spottostaking"),
        line("M2", "earn", "ETH", "-5", sub="allocation"),
        line("M3", "margin", "ZUSD", "-5"),
        line("M4", "deposit", "ZUSD", "5").replace('"LM4ZUSD"', '""'),
    )

    assert [row.refusal for row in rows] == [
        "spottostaking moves nothing in or out of Kraken",
        "allocation moves nothing in or out of Kraken",
        "a line of type 'margin' is not kept in a ledger of holdings",
        "not settled: it has no txid, and is told again with one",
    ]


def test_trades_csv_is_read_alone() -> None:
    lines = [
        '"T1","O1","XXBTZEUR","2024-03-19 19:43:31.1234","buy","limit",50000,100,0.26,0.002,0,,',
        '"T2","O2","ADA/USDT","2024-03-19 19:43:31","sell","limit",0.5,50,0.1,100,0,,',
        '"T3","O3","XXBTZEUR","2024-03-19 19:43:31","buy","limit",50000,100,0.26,0.002,20,,',
    ]
    text = "\n".join([TRADES, *lines])
    buy, sale, margin = KrakenTrades().read(text, "UTC")

    assert KrakenTrades().recognises(text)
    assert not KrakenLedger().recognises(text)
    assert buy.transaction is not None
    assert (buy.transaction.symbol, buy.transaction.amount) == ("BTC-USD", D(100))
    assert (buy.transaction.fee, buy.transaction.reference) == (D("0.26"), "T1")
    assert sale.transaction is not None
    assert (sale.transaction.kind.value, sale.transaction.currency) == ("sell", "USDT")
    assert margin.refusal == "a margin trade changes no holdings until it is settled"


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = [line(f"D{n}", "deposit", "ZEUR", "10") for n in range(10_000)]
    lines[3] = lines[3].replace("deposit", "gift")
    lines[4] = lines[4].replace(",10,", ",ten,")
    lines[9_999] = lines[9_999].replace("2024-03-19 19", "2024-03-19 29")
    rows = read(*lines)

    assert len(rows) == 10_000
    assert [row.line for row in rows if row.refusal] == [5, 6, 10_001]


def test_a_trade_without_its_other_side_is_refused() -> None:
    (row,) = read(line("T1", "trade", "ZEUR", "-100.00", "0.18"))

    assert row.refusal == "a trade is one asset for another, and this one has -100.00 EUR"
