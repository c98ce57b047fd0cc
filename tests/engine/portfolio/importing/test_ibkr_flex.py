"""Interactive Brokers' Flex XML: trades, dates and whole files, invented."""

from datetime import UTC, datetime

import pytest
from broker_rows import counts, entries, read, told
from flex_texts import flex, trade

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction


def only(*elements: str, section: str = "Trades") -> Transaction:
    (entry,) = entries(flex(*elements, section=section))
    return entry


def test_a_sale_is_told_by_its_money_and_a_short_one_is_short() -> None:
    sale = {"quantity": "-10", "proceeds": "1855", "buySell": "SELL"}
    assert told(flex(trade(), trade(**sale, dateTime="20240104;093001"))) == [
        "buy AAPL 10 @ 185.5 = 1855 USD fee 1",
        "sell AAPL 10 @ 185.5 = 1855 USD fee 1",
    ]
    (row,) = flex(trade(**sale, openCloseIndicator="O"))
    assert row.transaction is not None
    assert row.transaction.short
    assert not row.oddity


def test_a_sale_of_more_than_the_file_holds_is_odd_unless_it_is_told_to_close() -> None:
    sale = {"quantity": "-10", "proceeds": "1855", "buySell": "SELL"}
    (row,) = flex(trade(**sale))
    assert row.oddity == "10 sold and 0 held: read as a short sale"
    assert told(flex(trade(**sale, openCloseIndicator="C"))) == [
        "sell AAPL 10 @ 185.5 = 1855 USD fee 1"
    ]


def test_a_symbol_of_two_instruments_goes_by_their_isins() -> None:
    rows = flex(
        trade(isin="US0378331005"),
        trade(isin="GB0378331005", currency="GBP", ibCommissionCurrency="GBP"),
        trade(symbol="XY", isin="US0378331006"),
        trade(symbol="XY", isin="US0378331007"),
    )
    symbols = [entry.symbol for entry in entries(rows)]
    assert symbols == ["US0378331005", "GB0378331005", "XY", "XY"]


def test_a_commission_in_another_currency_is_a_fee_of_its_own() -> None:
    assert told(flex(trade(ibCommissionCurrency="EUR"))) == [
        "buy AAPL 10 @ 185.5 = 1855 USD",
        "fee AAPL = 1 EUR",
    ]


def test_a_rebate_lowers_fees_and_taxes_are_the_trades_own() -> None:
    assert told(flex(trade(ibCommission="0.25", taxes="-9.28"))) == [
        "buy AAPL 10 @ 185.5 = 1855 USD tax 9.28",
        "fee AAPL = -0.25 USD",
    ]


@pytest.mark.parametrize(
    ("quantity", "proceeds", "said"),
    [
        ("1000", "-1080", "exchange = 1080 USD to 1000 EUR"),
        ("-1000", "1080", "exchange = 1000 EUR to 1080 USD"),
    ],
)
def test_currencies_are_exchanged(quantity: str, proceeds: str, said: str) -> None:
    rows = flex(
        trade(
            assetCategory="CASH",
            symbol="EUR.USD",
            quantity=quantity,
            proceeds=proceeds,
            tradePrice="1.08",
            buySell="BUY" if quantity[0] != "-" else "SELL",
            ibCommission="0",
        )
    )
    assert told(rows) == [said]


@pytest.mark.parametrize(
    ("category", "symbol", "why"),
    [
        ("OPT", "AAPL  240119C00150000", "options are not kept: AAPL 240119C00150000 in line 3"),
        ("STK", "AAPL  240119C00150000", "options are not kept: AAPL 240119C00150000 in line 3"),
        ("FOP", "ESH4 C4800", "options are not kept: ESH4 C4800 in line 3"),
        ("FUT", "ESH4", "futures are not kept: ESH4 in line 3"),
        ("CFD", "AAPL", "contracts for difference are not kept: AAPL in line 3"),
        ("BOND", "T 4 1/8", "bonds are not kept: T 4 1/8 in line 3"),
        ("XYZ", "A", "there is no kind of instrument 'XYZ' known here, in line 3"),
    ],
)
def test_what_is_no_share_is_refused_by_name(category: str, symbol: str, why: str) -> None:
    assert told(flex(trade(assetCategory=category, symbol=symbol))) == [why]


def test_a_coin_is_told_in_dollars() -> None:
    assert only(trade(assetCategory="CRYPTO", symbol="BTC.USD-PAXOS")).symbol == "BTC-USD"


def test_a_cancelled_trade_and_its_cancellation_are_both_left_out() -> None:
    assert told(
        flex(
            trade(tradeID="1"),
            trade(tradeID="2", quantity="20", proceeds="-3710"),
            trade(
                tradeID="3",
                origTradeID="1",
                transactionType="TradeCancel",
                buySell="BUY (Ca.)",
                quantity="-10",
                proceeds="1855",
            ),
            trade(tradeID="4", notes="Co", quantity="11", proceeds="-2040.5"),
        )
    ) == [
        "cancelled by line 5",
        "buy AAPL 20 @ 185.5 = 3710 USD fee 1",
        "cancels line 3: neither is taken",
        "buy AAPL 11 @ 185.5 = 2040.5 USD fee 1",
    ]


def test_a_cancellation_of_what_is_not_in_the_file_is_told() -> None:
    (row,) = flex(trade(notes="Ca", quantity="-10", proceeds="1855", buySell="BUY (Ca.)"))
    assert row.refusal == (
        "line 3 cancels a trade of 10 AAPL that is not in this file: take it out by hand"
    )


def test_a_correction_without_its_cancellation_and_shares_of_an_option_are_odd() -> None:
    corrected, assigned = flex(trade(notes="Co"), trade(notes="A;O", transactionType="BookTrade"))
    assert corrected.oddity.startswith("a corrected trade")
    assert assigned.oddity.startswith("it came of an option")


def test_an_id_told_twice_is_taken_once() -> None:
    assert told(flex(trade(tradeID="7"), trade(tradeID="7"))) == [
        "buy AAPL 10 @ 185.5 = 1855 USD fee 1",
        "a double: line 3 has the same id 7",
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quantity": "-10"}, "a BUY of -10 AAPL contradicts itself"),
        ({"proceeds": "1855"}, "a trade of 10 AAPL cannot move 1855 the same way"),
        ({"quantity": ""}, "Trade in line 3 has no quantity"),
        ({"quantity": "ten"}, "quantity: 'ten' is no number"),
        ({"dateTime": "20241301"}, "dateTime: '20241301' is no date"),
        ({"dateTime": ""}, "Trade in line 3 has no date"),
        ({"symbol": ""}, "a buy needs a symbol"),
        ({"currency": ""}, "Trade in line 3 has no currency"),
        ({"quantity": "0", "proceeds": "0", "buySell": ""}, "a trade of no AAPL"),
        (
            {"proceeds": "", "tradePrice": ""},
            "a trade in line 3 has no proceeds and no price",
        ),
    ],
)
def test_what_contradicts_itself_or_is_missing_is_refused(
    changed: dict[str, str], why: str
) -> None:
    assert told(flex(trade(**changed))) == [why]


def test_money_that_is_not_quantity_times_price_is_odd() -> None:
    (row,) = flex(trade(proceeds="-18.55"))
    assert row.oddity == "10 at 185.5 are 1855, and 18.55 moved: the money is taken"


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ({"dateTime": "2024-01-03, 09:30:01"}, "2024-01-03T14:30:01"),
        ({"dateTime": "", "tradeDate": "20240103", "tradeTime": "093001"}, "2024-01-03T14:30:01"),
        ({"dateTime": "2024-01-03;093001 EST"}, "2024-01-03T14:30:01"),
        ({"dateTime": "01/13/2024;09:30:01"}, "2024-01-13T14:30:01"),
        ({"dateTime": "13/01/2024;09:30:01"}, "2024-01-13T14:30:01"),
        ({"dateTime": "", "reportDate": "20240103"}, "2024-01-04T04:59:59.999999"),
    ],
)
def test_dates_of_every_setting(when: dict[str, str], at: str) -> None:
    assert only(trade(**when)).at == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_sums_of_trades_are_refused_where_they_stand_alone() -> None:
    summary = trade(levelOfDetail="SYMBOL_SUMMARY")
    assert counts(flex(summary, trade())) == {"buy": 1}
    assert told(flex(summary)) == ["line 3 sums up trades that the file does not tell one by one"]


def test_orders_are_read_where_there_are_no_executions() -> None:
    order = trade(levelOfDetail="ORDER").replace("<Trade ", "<Order ")
    assert counts(flex(order)) == {"buy": 1}
    assert counts(flex(order, trade(), trade(levelOfDetail="CLOSED_LOT"))) == {"buy": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<FlexQueryResponse><FlexStatements>\n<Trade ", "no sound XML: line 2, column"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><FlexQueryResponse/>', "defines entities"),
        ('<FlexQueryResponse type="TCF"/>', "trade confirmations"),
        ("<a><FlexQueryResponse/></a>", "this is no Flex query: it begins with a"),
    ],
)
def test_a_broken_file_is_refused_whole_with_the_place(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read(text, "ibkr_flex")


def test_three_bad_trades_of_ten_thousand_are_named() -> None:
    lines = [trade(tradeID=str(n)) for n in range(10_000)]
    lines[3] = lines[3].replace('"10"', '"ten"')
    lines[4] = lines[4].replace("STK", "OPT")
    lines[9_999] = lines[9_999].replace("20240103", "20240199")
    rows = flex(*lines)
    assert len(rows) == 10_000
    assert [row.line for row in rows if row.refusal] == [6, 7, 10_002]
