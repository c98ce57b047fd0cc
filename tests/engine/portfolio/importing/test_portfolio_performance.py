"""Portfolio Performance's client files: its own test files, and invented ones of every type."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Portfolio, Transaction, TransactionKind
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.importing.portfolio_performance import PortfolioPerformance, prices
from tio.engine.portfolio.importing.rows import Row

from recorded import read_text

D = Decimal
FOLDER = "6_portfolio/portfolio_performance"
KINDS = {
    "Issue1817CapitalGainsOnFilteredClientIfSecurityIsTransferred": "buy deposit sell transfer_out",
    "Issue1879DividendRateOfReturnPerYearWithSecurityInMultipleAccounts": "buy*2 dividend*2",
    "Issue1897AddFeesToDividendTransactions": "buy dividend",
    "Issue4446FIFOMultipleTransfers": "buy*4 sell transfer_out*3",
    "IssueMigrationOfClassificationKeys": "",
    "IssueUmarshallingArraysArrayList": "",
    "account_performance_tax_refund": "deposit tax*2",
    "currency_sample": "buy*5 deposit*6",
    "security_performance_with_missing_historical_quotes": "transfer_in",
    "trade_test_case": "buy*8 deposit*3 dividend*2 exchange fee*2 interest*2 sell*3 tax*3 "
    "transfer_out*5 withdrawal",
    "trade_test_case4": "transfer_in*4 transfer_out*3",
    "trade_test_case5": "buy dividend sell",
}


def read(text: str, zone: str = "UTC") -> list[Row]:
    assert PortfolioPerformance().recognises(text[: 64 * 1024])
    return list(PortfolioPerformance().read(text, zone))


def entries(rows: list[Row]) -> list[Transaction]:
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def recorded(name: str) -> list[Transaction]:
    return entries(read(read_text(f"{FOLDER}/{name}.xml.gz")))


def booked(told: list[Transaction]) -> Books:
    """Books where every currency is worth one."""
    numbered = [replace(each, id=str(n), position=n, rate=D(1)) for n, each in enumerate(told)]
    return Books(Portfolio(name="p", currency="EUR"), numbered)


def client(transactions: str, portfolio: str = "", version: int = 66) -> str:
    return f"""<client>
<version>{version}</version>
<baseCurrency>EUR</baseCurrency>
<securities>
<security><uuid>s</uuid><name>Apple</name><currencyCode>USD</currencyCode><isin>US0378331005</isin>
<tickerSymbol>AAPL</tickerSymbol><prices><price t="2024-03-04" v="17510000000"/></prices></security>
</securities>
<accounts><account><name>Cash</name><currencyCode>EUR</currencyCode><transactions>
{transactions}
</transactions></account></accounts>
<portfolios><portfolio><name>Depot</name><transactions>
{portfolio}
</transactions></portfolio></portfolios>
</client>"""


def moved(kind: str, more: str = "") -> str:
    return (
        "<account-transaction><date>2024-03-04T00:00</date><currencyCode>EUR</currencyCode>"
        f"<amount>1050</amount>{more}<type>{kind}</type></account-transaction>"
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_real_file_is_read_whole_and_can_be_booked(name: str) -> None:
    told = recorded(name)

    counts = Counter(each.kind.value for each in told)
    words = (f"{kind}*{n}" if n > 1 else kind for kind, n in sorted(counts.items()))
    assert " ".join(words) == KINDS[name]
    assert len(booked(told)) == len(told)


def test_shares_of_every_version_have_their_decimals() -> None:
    old = recorded("security_performance_with_missing_historical_quotes")[0]
    middle = recorded("Issue1897AddFeesToDividendTransactions")[0]
    new = recorded("trade_test_case5")[0]

    assert (old.quantity, middle.quantity, new.quantity) == (D(100), D(10), D(437))


def test_quotes_of_every_version_have_their_decimals() -> None:
    old = prices(read_text(f"{FOLDER}/account_performance_tax_refund.xml.gz"))
    middle = prices(read_text(f"{FOLDER}/Issue1897AddFeesToDividendTransactions.xml.gz"))
    new = prices(read_text(f"{FOLDER}/trade_test_case4.xml.gz"))

    assert old["BAS.DE"][0] == (date(2014, 1, 1), D("77.48"))
    assert middle["ALV"] == [(date(2020, 10, 30), D("151.06"))]
    assert new["BTC"][0] == (date(2013, 4, 27), D("103.1862"))


def test_a_purchase_is_without_its_fees_and_taxes_and_a_dividend_before_them() -> None:
    buy, dividend = recorded("Issue1897AddFeesToDividendTransactions")

    assert (buy.amount, buy.fee, buy.tax) == (D("1550.60"), D(5), D(6))
    assert (dividend.amount, dividend.fee, dividend.tax) == (D(100), D(10), D(11))
    assert dividend.quantity == 10
    assert (buy.account, dividend.account) == ("Portfolio", "Account")
    assert buy.at == datetime(2020, 11, 2, 23, 59, 59, 999999, UTC)


def test_cost_and_gain_are_the_ones_portfolio_performance_asserts() -> None:
    gazprom = recorded("Issue1879DividendRateOfReturnPerYearWithSecurityInMultipleAccounts")
    adidas = booked(recorded("Issue4446FIFOMultipleTransfers"))

    assert sum(held.lot.quantity for held in booked(gazprom).held()) == 200
    assert sum(held.lot.cost for held in booked(gazprom).held()) == D("829.30")
    assert sum(closing.gain for closing in adidas.closings()) == 3000 - 1000


def test_shares_moved_between_portfolios_are_told_once() -> None:
    moves = [e for e in recorded("Issue4446FIFOMultipleTransfers") if e.to_account]

    assert [(e.account, e.to_account, e.quantity) for e in moves] == [
        ("Depot 2", "Depot 3", D(10)),
        ("Depot 1", "Depot 3", D(10)),
        ("Depot 3", "Depot 4", D(10)),
    ]


def test_cash_moved_into_another_currency_is_exchanged_and_then_moved() -> None:
    told = recorded("trade_test_case")
    exchange = next(e for e in told if e.kind is TransactionKind.exchange)
    move = next(e for e in told if e.at == exchange.at and e.to_account and not e.symbol)

    assert (exchange.currency, exchange.to_currency) == ("USD", "EUR")
    assert (move.account, move.amount) == (exchange.account, exchange.to_amount)
    assert move.to_account == "Konto 3"


@pytest.mark.parametrize(
    ("kind", "expected", "amount"),
    [
        ("DEPOSIT", "deposit", "10.50"),
        ("REMOVAL", "withdrawal", "10.50"),
        ("INTEREST", "interest", "10.50"),
        ("INTEREST_CHARGE", "interest", "-10.50"),
        ("FEES", "fee", "10.50"),
        ("FEES_REFUND", "fee", "-10.50"),
        ("TAXES", "tax", "10.50"),
        ("TAX_REFUND", "tax", "-10.50"),
        ("TRANSFER_IN", "transfer_in", "10.50"),
        ("TRANSFER_OUT", "transfer_out", "10.50"),
    ],
)
def test_every_kind_of_money_goes_its_way(kind: str, expected: str, amount: str) -> None:
    (entry,) = entries(read(client(moved(kind))))

    assert entry.kind.value == expected
    assert entry.amount == D(amount)
    assert (entry.account, entry.currency) == ("Cash", "EUR")


def test_interest_is_before_its_tax() -> None:
    unit = '<units><unit type="TAX"><amount currency="EUR" amount="250"/></unit></units>'
    (entry,) = entries(read(client(moved("INTEREST", unit))))

    assert (entry.amount, entry.tax) == (D(13), D("2.50"))


def test_elements_may_be_named_by_ids() -> None:
    text = """<client id="1"><version>66</version>
<securities id="2"><security id="3"><name>Apple</name><tickerSymbol>AAPL</tickerSymbol></security>
</securities><accounts id="4"><account id="5"><name>Cash</name><currencyCode>USD</currencyCode>
<transactions id="6"><account-transaction id="7"><date>2024-03-04T10:30</date>
<currencyCode>USD</currencyCode><amount>50000</amount><security reference="3"/>
<crossEntry class="buysell" id="8"><portfolio id="9"><name>Depot</name><transactions id="10">
<portfolio-transaction id="11"><date>2024-03-04T10:30</date><currencyCode>USD</currencyCode>
<amount>50000</amount><security reference="3"/><crossEntry class="buysell" reference="8"/>
<shares>250000000</shares><type>BUY</type></portfolio-transaction></transactions></portfolio>
<portfolioTransaction reference="11"/><account reference="5"/><accountTransaction reference="7"/>
</crossEntry><type>BUY</type></account-transaction></transactions></account></accounts>
<portfolios><portfolio reference="9"/></portfolios></client>"""
    (entry,) = entries(read(text, "Europe/Berlin"))

    assert (entry.symbol, entry.quantity, entry.amount) == ("AAPL", D("2.5"), D(500))
    assert entry.at == datetime(2024, 3, 4, 9, 30, tzinfo=UTC)


def test_three_bad_transactions_of_ten_thousand_are_named_by_their_lines() -> None:
    lines = [moved("DEPOSIT")] * 10_000
    lines[16] = moved("BYE")
    lines[5_000] = lines[5_000].replace("1050", "ten")
    lines[9_998] = moved("DIVIDENDS", '<security reference="../../../nothing/here[3]"/>')
    rows = read(client("\n".join(lines)))
    refused = [row for row in rows if row.refusal]

    assert len(rows) == 10_000
    assert [row.line - 9 for row in refused] == [16, 5_000, 9_998]
    assert refused[0].refusal == "there is no account transaction of type 'BYE'"
    assert refused[1].refusal == "amount: 'ten' is no whole number"
    assert "refers to a nothing that is not there" in refused[2].refusal


@pytest.mark.parametrize(
    "text",
    [
        "<client><version>1",
        "<client><version>x</version></client>",
        '<!DOCTYPE a [<!ENTITY b "c">]><client><version>&b;</version></client>',
    ],
)
def test_what_is_no_client_file_is_refused_whole(text: str) -> None:
    with pytest.raises(Invalid, match="this"):
        list(PortfolioPerformance().read(text, "UTC"))
