"""hledger's reports of gains: what is held, at market prices, beyond its cost at today's rates."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hledger_booking import Booking
from hledger_journals import Journal, ShellTest, amount_of
from truth import Figures

from tio.engine.portfolio.books import Books
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.valuing import Price, holdings

_CELL = re.compile(r"(-?\d+) \S+|\b0\b")
ZERO = Decimal(0)


def gain_report(figures: Figures, journal: Journal, test: ShellTest) -> None:
    """A table of months, or one sum at the end; realised gains are in what hledger calls a gain.

    Its gain takes cost at the rate of the report's day: ours of price, without that of currency.
    """
    booking = Booking(journal)
    books = booking.booked().books
    if "||" not in test.output:
        year = re.search(r"-e (\d+)", test.command)
        assert year is not None
        end = date(int(year[1]), 1, 1)
        theirs = amount_of(test.output)
        ours = _gain(booking, books, "", end - timedelta(days=1), end - timedelta(days=1))
        figures.same("gain", theirs.number if theirs else 0, ours)
        return
    ends, begin = _months(test.output)
    value = re.search(r"--value=(\S+)", test.command)
    fixed = date.fromisoformat(value[1]) if value else None
    whole = re.search(r"istorical", test.output.splitlines()[0]) is not None
    for account, cells in _rows(test.output):
        last = ZERO if whole else _gain(booking, books, account, begin, fixed or begin)
        for end, theirs_then in zip(ends, cells, strict=True):
            held = _gain(booking, books, account, end, fixed or end)
            figures.same(f"{account} until {end}", theirs_then, held - last)
            if test.output.startswith("Incremental"):
                last = held


def _gain(booking: Booking, books: Books, account: str, until: date, on: date) -> Decimal:
    """Of one account, or all, as of a day at the prices of another."""
    end = datetime(until.year, until.month, until.day, 23, tzinfo=UTC)
    entries = [e for e in books.until(end).entries() if account in ("", e.account)]
    own = Books(books.portfolio, entries)
    day = on.isoformat()
    # Priced in the currency a lot was paid in, so that its gain is parted from the rate's.
    paid = {held.symbol: held.lot.currency for held in own.held()}
    rates = {each: Rate(booking.rate(each, day)) for each in {*paid.values(), booking.money}}
    prices = {
        symbol: Price(booking.price(symbol, day) / rates[currency].value, currency)
        for symbol, currency in paid.items()
    }
    told = holdings(own, prices, rates, end, end)
    gains = [closing.gain - closing.currency_gain for closing in own.closings()]
    return sum((each.price_gain or ZERO for each in told.positions), sum(gains, ZERO))


def _months(output: str) -> tuple[list[date], date]:
    """The last days of the months of a report, and the day before the first of them."""
    told = re.search(r"(\d{4}-\d\d(?:-\d\d)?)(?:\.\.(\d{4}-\d\d(?:-\d\d)?))?", output)
    assert told is not None
    columns = re.findall(r"\d{4}-\d\d-\d\d", output.splitlines()[2])
    if columns:
        ends = [date.fromisoformat(each) for each in columns]
        return ends, ends[0].replace(day=1) - timedelta(days=1)
    first = date.fromisoformat(f"{told[1]}-01"[:10])
    last = date.fromisoformat((told[2] or f"{told[1]}-01")[:10])
    ends, at = [], first
    while at <= last:
        after = (at.replace(day=1) + timedelta(days=31)).replace(day=1)
        ends.append(after - timedelta(days=1))
        at = after
    return ends, first - timedelta(days=1)


def _rows(output: str) -> list[tuple[str, list[Decimal]]]:
    found = []
    for line in output.splitlines():
        account, bar, cells = line.partition("||")
        if bar and account.strip().startswith("assets:"):
            numbers = [Decimal(cell[1] or 0) for cell in _CELL.finditer(cells)]
            found.append((account.strip(), numbers))
    return found
