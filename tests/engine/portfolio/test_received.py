"""Income by month and by symbol: each the ledger's own sum."""

from datetime import UTC, date
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from ledgers import KIND, entry, ledgers, portfolio

from tio.api.errors import Invalid
from tio.api.income import Received
from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.money import EXACT
from tio.engine.portfolio.received import by_month, by_symbol, payments, received

ZONE = ZoneInfo("UTC")
D = Decimal


def test_gross_net_fees_and_taxes_are_worked_by_hand() -> None:
    paid = list(
        payments(
            [
                entry(KIND.dividend, 5, symbol="AAA", amount="10", tax="1.5", fee="0.5"),
                entry(KIND.dividend, 40, symbol="AAA", amount="20", rate="1.1", currency="EUR"),
                entry(KIND.interest, 6, symbol="BND", amount="7"),
                entry(KIND.interest, 7, amount="3"),
                entry(KIND.tax, 8, symbol="AAA", amount="2"),
                entry(KIND.tax, 9, amount="99"),
                entry(KIND.buy, 9, symbol="AAA", quantity=1, price=1, tax=9),
            ],
            ZONE,
        )
    )
    whole = received(paid)
    assert (whole.dividends, whole.coupons, whole.interest) == (D("32"), D(7), D(3))
    assert (whole.gross, whole.fees, whole.taxes, whole.net) == (D(42), D("0.5"), D("3.5"), D(38))
    assert [each.month for each in by_month(paid)] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert by_month(paid)[1].received.net == D(22)
    assert by_symbol(paid)["AAA"].taxes == D("3.5")


def test_a_day_is_one_of_the_portfolios_zone() -> None:
    late = entry(KIND.interest, 30, amount="1")
    moved = Transaction(
        kind=late.kind,
        at=late.at.replace(hour=23, day=31).astimezone(UTC),
        currency="USD",
        rate=D(1),
        amount=D(1),
    )
    (month,) = by_month(payments([moved], ZoneInfo("Asia/Tokyo")))
    assert month.month == date(2026, 2, 1)


@given(ledgers())
def test_months_and_symbols_add_up_to_what_the_ledger_sums(made: list[Transaction]) -> None:
    try:
        books = Books(portfolio(), made)
    except Invalid:
        assume(False)  # a ledger that cannot be booked has no sums
    paid = list(payments(books.entries(), ZONE))
    whole = received(paid)
    with localcontext(EXACT):
        for sums in ([m.received for m in by_month(paid)], list(by_symbol(paid).values())):
            for name in Received.__struct_fields__:
                assert sum((getattr(each, name) for each in sums), D(0)) == getattr(whole, name)
        assert whole.gross == sum((each.income for each in books.tallies().values()), D(0))
        for symbol, each in by_symbol(paid).items():
            assert each.gross == books.tallies()[symbol].income
