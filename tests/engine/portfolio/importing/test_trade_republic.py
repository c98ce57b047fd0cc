"""Trade Republic's CSV: two real exports, and invented lines of every type."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.trade_republic import TradeRepublic

from recorded import read_text

D = Decimal
FOLDER = "6_portfolio/broker_exports"
COLUMNS = (
    '"datetime","date","account_type","category","type","asset_class","name","symbol","shares",'
    '"price","amount","fee","tax","currency","original_amount","original_currency","fx_rate",'
    '"description","transaction_id","counterparty_name"'
)


def read(text: str, zone: str = "Europe/Berlin") -> list[Row]:
    assert TradeRepublic().recognises(text[:65_536])
    return list(TradeRepublic().read(text, zone))


def line(
    kind: str,
    amount: str,
    *,
    fee: str = "",
    tax: str = "",
    shares: str = "",
    asset: str = "",
    symbol: str = "",
    id: str = "",
) -> str:
    cells = ["2026-03-06T10:20:05.865Z", "2026-03-06", "DEFAULT", "X", kind, asset]
    cells += ["Apple" if symbol else "", symbol, shares, "", amount, fee, tax, "EUR"]
    cells += ["", "", "", "said", id, ""]
    return ",".join(f'"{cell}"' for cell in cells)


def rows(*lines: str) -> list[Row]:
    return read("\n".join([COLUMNS, *lines]))


def entries(told: list[Row]) -> list[Transaction]:
    assert [row.refusal for row in told if row.refusal] == []
    return [row.transaction for row in told if row.transaction]


def test_a_real_file_of_trades_and_transfers() -> None:
    told = read(read_text(f"{FOLDER}/traderepublic_02.csv.gz"))
    made = entries(told)

    assert Counter(each.kind.value for each in made) == {
        "buy": 2,
        "sell": 1,
        "deposit": 4,
        "withdrawal": 2,
    }
    buy, out, sale = made[:3]
    assert (buy.symbol, buy.quantity, buy.price) == ("US0378331005", D("0.223214"), D("25.5"))
    assert (buy.amount, buy.fee, buy.tax, buy.currency) == (D("5.69"), D(1), D(0), "EUR")
    assert buy.at == datetime(2026, 3, 6, 10, 20, 5, 865000, UTC)
    assert buy.reference == "afbaa7ae-103f-466b-b261-a71b8ab1bd3f"
    assert told[0].security == Security(isin="US0378331005", name="Apple", currency="EUR")
    assert (out.kind.value, out.amount, out.symbol) == ("withdrawal", D(53), "")
    assert (sale.kind.value, sale.quantity, sale.amount) == ("sell", D("0.223214"), D("5.58"))
    assert (made[4].amount, made[4].fee) == (D("10.1"), D("0.1"))
    assert made[8].symbol == "BTC-USD"
    assert (made[8].quantity, made[8].amount) == (D("0.000849"), D("49.97"))


def test_a_midnight_is_the_end_of_that_day() -> None:
    made = entries(read(read_text(f"{FOLDER}/traderepublic_02.csv.gz")))

    assert made[7].at == datetime(2026, 3, 13, 22, 59, 59, 999999, UTC)


def test_a_real_file_of_dividends_taken_back_and_told_anew() -> None:
    told = read(read_text(f"{FOLDER}/traderepublic_04.csv.gz"))
    made = entries(told)

    assert Counter(each.kind.value for each in made) == {"dividend": 8, "tax": 4}
    assert [row.line for row in told][:3] == [2, 2, 3]
    assert [(each.kind.value, each.amount, each.tax) for each in made[:4]] == [
        ("dividend", D("-32.27"), 0),
        ("tax", D("-8.25"), 0),
        ("dividend", D("32.27"), 0),
        ("dividend", D("27.97"), D("5.14")),
    ]
    assert made[0].quantity == D("197.346557")
    assert {each.symbol for each in made} == {"US3793782018"}
    # What all of it moved in cash, as the file's own columns add up.
    paid = sum((e.amount or D(0)) * (-1 if e.kind.value == "tax" else 1) - e.tax for e in made)
    assert paid == D("5.40")


@pytest.mark.parametrize(
    ("told", "kind", "amount", "fee"),
    [
        (line("INTEREST_PAYMENT", "2.10"), "interest", "2.10", "0"),
        (line("INTEREST_PAYMENT", "-2.10"), "interest", "-2.10", "0"),
        (line("BENEFITS_SAVEBACK", "5"), "interest", "5", "0"),
        (line("CUSTOMER_INPAYMENT", "50", fee="-0.5"), "deposit", "50", "0.5"),
        (line("TRANSFER_INBOUND", "50"), "deposit", "50", "0"),
        (line("TRANSFER_INSTANT_INBOUND", "50"), "deposit", "50", "0"),
        (line("TRANSFER_IN", "50"), "deposit", "50", "0"),
        (line("TRANSFER_OUT", "-50"), "withdrawal", "50", "0"),
        (line("TRANSFER_INSTANT_OUTBOUND", "-50"), "withdrawal", "50", "0"),
        (line("CUSTOMER_OUTBOUND_REQUEST", "-50"), "withdrawal", "50", "0"),
        (line("CARD_TRANSACTION", "-9.99"), "withdrawal", "9.99", "0"),
        (line("CARD_TRANSACTION", "9.99"), "deposit", "9.99", "0"),
        (line("CARD_ORDERING_FEE", "-5"), "fee", "5", "0"),
        (line("CARD_ORDERING_FEE", "", fee="-5"), "fee", "5", "0"),
        (line("TAX_OPTIMIZATION", "", tax="3.2"), "tax", "-3.2", "0"),
        (line("PRE_DETERMINED_TAX_BASE", "-3.2"), "tax", "3.2", "0"),
    ],
)
def test_money_goes_by_its_type(told: str, kind: str, amount: str, fee: str) -> None:
    (entry,) = entries(rows(told))

    assert (entry.kind.value, entry.amount, entry.fee) == (kind, D(amount), D(fee))


def test_shares_are_delivered_at_their_worth() -> None:
    come, go = entries(
        rows(
            line("FREE_RECEIPT", "20", shares="0.1", asset="STOCK", symbol="US0378331005"),
            line("TRANSFER_OUT", "", shares="-2", asset="STOCK", symbol="US0378331005"),
        )
    )

    assert (come.kind.value, come.quantity, come.amount) == ("transfer_in", D("0.1"), D(20))
    assert (go.kind.value, go.quantity, go.amount) == ("transfer_out", D(2), None)


def test_a_coin_in_its_old_spelling_is_the_coin() -> None:
    (buy,) = entries(rows(line("BUY", "-5", shares="1", asset="CRYPTO", symbol="XF000BTC0017")))

    assert buy.symbol == "BTC-USD"


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (line("BUY", "5", shares="1", symbol="A"), "a purchase of 1 shares for 5 has a wrong sign"),
        (line("BUY", "-5", shares="-1", symbol="A"), "has a wrong sign"),
        (line("SELL", "-5", shares="-1", symbol="A"), "a sale of -1 shares for -5 has a wrong"),
        (line("SELL", "5", fee="1", shares="-1", symbol="A"), "the fee 1 is above zero"),
        (line("TRANSFER_OUT", "5"), "a TRANSFER_OUT of 5 has a wrong sign"),
        (line("CUSTOMER_INPAYMENT", "-5"), "a CUSTOMER_INPAYMENT of -5 has a wrong sign"),
        (line("BARTER", "5"), "there is no transaction type 'BARTER'"),
        (line("BARTER", "5", shares="1"), "there is no transaction type 'BARTER' of shares"),
        (line("SPLIT", "", shares="9", symbol="A"), "a split tells 9 shares and no ratio"),
        (
            line("BUY", "-5", shares="1", asset="DERIVATIVE", symbol="DE000"),
            "derivatives are not kept: Apple (BUY)",
        ),
        (line("INTEREST_PAYMENT", "9E999999", tax="9E999999"), "amount"),
        (line("BUY", "five", shares="1", symbol="A"), "amount: 'five' is no number"),
        (line("FREE_RECEIPT", "", shares="1", symbol="A"), "needs what the shares cost"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(told: str, sentence: str) -> None:
    (row,) = rows(told)

    assert sentence in row.refusal
    assert row.transaction is None


def test_an_id_told_twice_counts_once() -> None:
    first, second = rows(
        line("INTEREST_PAYMENT", "2", id="x"), line("INTEREST_PAYMENT", "2", id="x")
    )

    assert first.transaction is not None
    assert second.refusal == "a double: line 2 has the same id x"


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = [line("INTEREST_PAYMENT", "1", id=f"i{n}") for n in range(10_000)]
    lines[3] = lines[3].replace("INTEREST_PAYMENT", "GIFTS")
    lines[4_000] = lines[4_000].replace('"1"', '"one"')
    lines[9_999] = lines[9_999].replace("2026-03-06T10", "2026-03-06T30")

    assert [row.line for row in rows(*lines) if row.refusal] == [5, 4_002, 10_001]


def test_a_file_cut_off_is_refused() -> None:
    whole = "\n".join([COLUMNS, line("BUY", "-5", shares="1", symbol="A")])
    with pytest.raises(Invalid, match="no header with datetime"):
        list(TradeRepublic().read(COLUMNS[:40], "UTC"))
    with pytest.raises(Invalid, match="line 2 ends in the middle: the file is cut off"):
        read(whole[:-60])
