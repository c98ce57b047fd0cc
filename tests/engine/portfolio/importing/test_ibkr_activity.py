"""Interactive Brokers' activity statement in CSV, invented section by section."""

from datetime import UTC, datetime

import pytest
from broker_rows import counts, entries, read, told

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.rows import Row

START = """Statement,Header,Field Name,Field Value
Statement,Data,BrokerName,Interactive Brokers LLC
Statement,Data,Title,Activity Statement
Account Information,Header,Field Name,Field Value
Account Information,Data,Account,U1234567
"""
TRADES = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,"
    "C. Price,Proceeds,Comm/Fee,Basis,Realized P/L,MTM P/L,Code\n"
)
FOREX = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,,"
    "Proceeds,Comm in CHF,,,MTM in CHF,Code\n"
)
INSTRUMENTS = (
    "Financial Instrument Information,Header,Asset Category,Symbol,Description,Conid,Security ID,"
    "Underlying,Listing Exch,Multiplier,Type,Code\n"
    "Financial Instrument Information,Data,Stocks,AAPL,APPLE INC,265598,US0378331005,AAPL,NASDAQ,"
    "1,COMMON,\n"
)
ACTIONS = (
    "Corporate Actions,Header,Asset Category,Currency,Report Date,Date/Time,Description,Quantity,"
    "Proceeds,Value,Realized P/L,Code\n"
)


def statement(body: str) -> list[Row]:
    return read(START + body, "ibkr_activity")


def trade(
    quantity: str = "10",
    proceeds: str = "-1855",
    code: str = "O",
    level: str = "Order",
    kind: str = "Stocks",
    symbol: str = "AAPL",
) -> str:
    return (
        f'Trades,Data,{level},{kind},USD,{symbol},"2024-01-03, 09:30:01",{quantity},185.5,186,'
        f"{proceeds},-1,1856,0,5,{code}\n"
    )


def test_orders_are_read_and_their_parts_and_sums_are_not() -> None:
    rows = statement(
        TRADES
        + trade('"1,000"', '"-185,500"')
        + trade('"1,000"', '"-185,500"', level="Trade")
        + trade("-5", "927.5", code="C;P")
        + trade("5", "", level="ClosedLot")
        + "Trades,SubTotal,,Stocks,USD,AAPL,,995,,,-184572.5,-2,,0,5,\n"
        + "Trades,Total,,Stocks,USD,,,,,,-184572.5,-2,,0,5,\n"
        + INSTRUMENTS
    )
    assert told(rows) == [
        "buy AAPL 1000 @ 185.5 = 185500 USD fee 1",
        "sell AAPL 5 @ 185.5 = 927.5 USD fee 1",
    ]
    assert rows[0].line == 7
    assert rows[0].security.isin == "US0378331005"
    assert rows[0].security.name == "APPLE INC"
    assert rows[0].transaction is not None
    assert rows[0].transaction.at == datetime(2024, 1, 3, 14, 30, 1, tzinfo=UTC)
    assert rows[0].transaction.account == ""


def test_trades_are_read_where_there_are_no_orders() -> None:
    assert counts(
        statement(TRADES + trade(level="Trade") + trade("-1", "", level="ClosedLot"))
    ) == {"buy": 1}


def test_currencies_are_exchanged_and_their_commission_is_of_the_currency_in_the_header() -> None:
    row = 'Trades,Data,Order,Forex,USD,EUR.USD,"2024-01-03, 10:00:00",{},1.08,,{},-1.8,,,0.5,\n'
    assert told(statement(FOREX + row.format('"1,000"', "-1080"))) == [
        "exchange = 1080 USD to 1000 EUR",
        "fee = 1.8 CHF",
    ]
    assert told(statement(FOREX + row.format('"-1,000"', "1080"))) == [
        "exchange = 1000 EUR to 1080 USD",
        "fee = 1.8 CHF",
    ]


def test_options_and_bonds_are_refused_by_name() -> None:
    rows = statement(
        TRADES
        + trade(kind="Equity and Index Options", symbol="AAPL 19JAN24 150.0 C")
        + trade(kind="Bonds", symbol="T 4 1/8")
    )
    assert told(rows) == [
        "options are not kept: AAPL 19JAN24 150.0 C in line 7",
        "bonds are not kept: T 4 1/8 in line 8",
    ]


@pytest.mark.parametrize(
    "back", [trade("-10", "1855", code="Ca"), trade("-10", "1855", level="Trade Cancel")]
)
def test_a_cancelled_trade_and_its_cancellation_are_both_left_out(back: str) -> None:
    assert told(statement(TRADES + trade() + back + trade("11", "-2040.5", code="O;Co"))) == [
        "cancelled by line 8",
        "cancels line 7: neither is taken",
        "buy AAPL 11 @ 185.5 = 2040.5 USD fee 1",
    ]


def test_a_short_sale_is_told_by_its_code() -> None:
    (entry,) = entries(statement(TRADES + trade("-10", "1855", code="O")))
    assert entry.short


PAID = "AAPL(US0378331005) Cash Dividend USD 0.24 per Share (Ordinary Dividend)"


@pytest.mark.parametrize(
    ("section", "cells", "said"),
    [
        ("Dividends", f"USD,2024-01-03,{PAID},2.4", "dividend AAPL = 2.4 USD"),
        ("Dividends", f"USD,2024-01-03,{PAID},-2.4", "dividend AAPL = -2.4 USD"),
        ("Payment In Lieu Of Dividends", f"USD,2024-01-03,{PAID},2", "dividend AAPL = 2 USD"),
        ("Dividends", "USD,2024-01-03,BRK B(US0846707026) X,1", "dividend BRK B = 1 USD"),
        ("Dividends", "USD,2024-01-03,no name,1", "a dividend needs a symbol"),
        ("Withholding Tax", f"USD,2024-01-03,{PAID} - US Tax,-0.36", "tax AAPL = 0.36 USD"),
        ("Interest", "EUR,2024-01-03,EUR Credit Interest,1.42", "interest = 1.42 EUR"),
        ("Interest", "EUR,2024-01-03,EUR Debit Interest,-1.42", "interest = -1.42 EUR"),
        ("Deposits & Withdrawals", "EUR,2024-01-03,Transfer,1000", "deposit = 1000 EUR"),
        ("Deposits & Withdrawals", "EUR,2024-01-03,Out,-1000", "withdrawal = 1000 EUR"),
        ("Interest", "EUR,2024-01-32,x,1", "Date: '2024-01-32' is no date"),
        ("Interest", "EUR,2024-01-03,x,", "Amount: no amount is told"),
        (
            "Interest",
            "EUR,2024-01-03,x,1,2,3",
            "line 7 is broken: it has 8 cells, and its header 6",
        ),
    ],
)
def test_payments(section: str, cells: str, said: str) -> None:
    header = f"{section},Header,Currency,Date,Description,Amount\n"
    totals = f"{section},Data,Total,,,99\n{section},Data,Total in EUR,,,99\n"
    assert told(statement(f"{header}{section},Data,{cells}\n{totals}")) == [said]


def test_fees_have_a_subtitle() -> None:
    header = "Fees,Header,Subtitle,Currency,Date,Description,Amount\n"
    body = "Fees,Data,Other Fees,USD,2024-01-03,NASDAQ LEVEL 1,-1.5\nFees,Data,Total,,,,-1.5\n"
    assert told(statement(header + body)) == ["fee = 1.5 USD"]


def test_corporate_actions_and_transfers() -> None:
    when = '2024-01-04,"2024-01-03, 20:25:00"'
    rows = statement(
        ACTIONS + f'Corporate Actions,Data,Stocks,USD,{when},"AAPL(US0378331005) Split 4 for 1 '
        '(AAPL, APPLE INC, US0378331005)",30,0,0,0,\n'
        + f'Corporate Actions,Data,Stocks,USD,{when},"GE(US3696043013) Spinoff  1 for 4 '
        '(GEV, GE VERNOVA INC, US36828A1016)",25,0,0,0,\n'
        + "Corporate Actions,Data,Total,,,,,,0,0,0,\n"
        + "Transfers,Header,Asset Category,Currency,Symbol,Date,Type,Direction,Xfer Company,"
        "Xfer Account,Qty,Xfer Price,Market Value,Realized P/L,Cash Amount,Code\n"
        "Transfers,Data,Stocks,USD,AAPL,2024-01-05,ACATS,In,X,1,10,0,1855,0,0,\n"
        "Transfers,Data,Stocks,USD,AAPL,2024-01-05,ACATS,In,X,1,10,0,,0,0,\n"
    )
    assert told(rows) == [
        "split AAPL 4 USD",
        "spin_off GE 0.25 USD into GEV",
        "transfer_in AAPL 10 = 1855 USD",
        "a transfer in line 12 does not tell what AAPL is worth",
    ]


def test_accounts_of_a_consolidated_statement_are_named() -> None:
    header = "Interest,Header,Currency,Account,Date,Description,Amount\n"
    body = "Interest,Data,EUR,U1,2024-01-03,x,1\nInterest,Data,EUR,U2,2024-01-03,x,1\n"
    assert [entry.account for entry in entries(statement(header + body))] == ["U1", "U2"]


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    rows = [trade()] * 10_000
    rows[3] = trade("ten")
    rows[4] = trade().replace("2024-01-03", "2024-13-03")
    rows[9_999] = 'Trades,Data,Order,"Stocks\n'
    found = statement(TRADES + "".join(rows))
    assert len(found) == 10_000
    assert [row.line for row in found if row.refusal] == [10, 11, 10_006]


def test_a_statement_of_another_language_is_refused_whole() -> None:
    with pytest.raises(Invalid, match="no activity statement in English"):
        read("Statement,Header,x\nÜbersicht,Header,a\nÜbersicht,Data,1\n", "ibkr_activity")
