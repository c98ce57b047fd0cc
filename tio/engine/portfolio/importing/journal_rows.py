"""Rows of a journal: what tio wrote is read back by its fields, all else by its postings."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.journal import Booking, Posting
from tio.engine.portfolio.importing.journal_meaning import Meaning, RootOf, meaning
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken, with_shorts
from tio.engine.portfolio.importing.writing.fields import entry_from
from tio.engine.portfolio.importing.writing.postings import Names, Poster

CHANGED = "its postings are not what tio wrote: they are read, and the fields beside them are not"


def rows(found: list[Booking | Row], names: Names, root: RootOf, zone: ZoneInfo) -> Iterator[Row]:
    """Those of the bookings; rows among them are refusals, and stay."""
    bookings = [each for each in found if isinstance(each, Booking)]
    means = meaning(bookings, root, zone)
    poster = Poster(names)
    told: list[Row] = []
    sure: set[int] = set()
    for each in found:
        if isinstance(each, Row):
            told.append(each)
            continue
        try:
            read = list(_rows(each, means, poster, zone))
            told += read
            if each.told and not any(row.oddity for row in read):
                sure.add(each.line)
        except Invalid as error:
            told.append(refused(each.line, error))
    yield from with_shorts(told, sure)


def _rows(booking: Booking, means: Meaning, poster: Poster, zone: ZoneInfo) -> Iterator[Row]:
    if booking.told:
        entry = entry_from(dict(booking.told), zone)
        if _same(poster.post(entry), booking.postings):
            yield taken(booking.line, entry, _security(entry))
            return
    for entry, oddity in means.entries(booking):
        odd = CHANGED if booking.told else oddity
        yield taken(booking.line, entry, _security(entry), odd)


def _same(ours: tuple[Posting, ...], theirs: tuple[Posting, ...]) -> bool:
    def said(posting: Posting) -> object:
        return posting.account, posting.amount, posting.worth

    return [said(each) for each in ours] == [said(each) for each in theirs]


def _security(entry: Transaction) -> Security:
    return Security(ticker=entry.symbol, currency=entry.currency if entry.symbol else "")
