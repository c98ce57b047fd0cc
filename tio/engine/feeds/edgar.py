"""SEC EDGAR: which company a ticker is, what it says of itself, and its newest filings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.companies import Profile
from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Coverage, Delay
from tio.engine.feeds.decoding import Aware, decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, Throttled
from tio.engine.feeds.tables import as_text, is_page
from tio.engine.feeds.us_symbols import dashed, is_us
from tio.plugin import Traits

NAME = "edgar"
HOSTS = ("www.sec.gov", "data.sec.gov")
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    asset_class=AssetClass.equity,
)
ASSETS = frozenset({AssetClass.equity})
BAN = 600.0
"""Seconds for which the SEC blocks who asked too often."""

_MICS = {"Nasdaq": "XNAS", "NYSE": "XNYS", "CBOE": "BATS", "NYSE American": "XASE"}
_DOCUMENTS = "https://www.sec.gov/Archives/edgar/data/{}/{}/{}"


class Filer(NamedTuple):
    """A company that files: its number at the SEC, its name, where it is listed when told."""

    cik: int
    name: str
    exchange: str = ""


class Filing(NamedTuple):
    """One document a company filed; `at` is when the SEC accepted it."""

    form: str
    on: date
    at: datetime | None
    title: str
    items: str
    url: str


class Place(msgspec.Struct, frozen=True, rename="camel"):
    """An address: of a state of the US by its two letters, elsewhere by a code and its name."""

    state_or_country: str | None = None
    state_or_country_description: str | None = None


class Recent(msgspec.Struct, frozen=True, rename="camel"):
    """Filings as columns of one length, newest first."""

    accession_number: list[str] = []
    filing_date: list[date] = []
    acceptance_date_time: list[Aware | None] = []
    form: list[str] = []
    items: list[str] = []
    primary_document: list[str] = []
    primary_doc_description: list[str] = []


class Filings(msgspec.Struct, frozen=True):
    recent: Recent = Recent()


class Submissions(msgspec.Struct, frozen=True, rename="camel"):
    """What the SEC holds of one company."""

    cik: str
    name: str
    sic_description: str | None = None
    tickers: list[str] = []
    exchanges: list[str | None] = []
    website: str | None = None
    description: str | None = None
    addresses: dict[str, Place] = {}
    filings: Filings = Filings()


def spelled(symbol: str) -> str | None:
    """`BRK-B` of `BRK.B`; None of what is not traded in the US."""
    return dashed(symbol) if is_us(symbol) else None


def agent(contact: str, version: str) -> str:
    """How the SEC wants to be addressed: who asks, and how to reach them."""
    return f"tio/{version} ({clean(contact, limit=200).strip()})"


def is_contact(text: str) -> bool:
    """Whether a text can be an e-mail address."""
    name, at, host = text.strip().partition("@")
    return bool(name and at and "." in host) and not any(sign.isspace() for sign in text.strip())


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; its refusals are pages, whatever their status."""
    said = as_text(body[:20_000]).lower()
    if "request rate threshold exceeded" in said:
        return Throttled("the SEC says: request rate threshold exceeded", seconds=BAN)
    if "undeclared automated tool" in said:
        return BadKey("the SEC refuses who does not say an e-mail address", "tio keys set edgar")
    if status == 404 or "<code>nosuchkey</code>" in said:
        return NotFound("the SEC has nothing of it")
    if is_page(body):
        return SourceUnavailable("the SEC answered with a page instead of data")
    return None


def read_tickers(body: str | bytes) -> Mapping[str, Filer]:
    """Filers by ticker, of either file of tickers: with exchanges or without."""
    if '"fields"' in as_text(body[:200]):
        table = decoded(_TABLE, body, "EDGAR")
        return _by_exchange(table)
    rows = decoded(_TICKERS, body, "EDGAR").values()
    return {
        clean(row.ticker, limit=20).upper(): Filer(_number(row.cik), clean(row.title, limit=200))
        for row in rows
    }


def read_submissions(body: str | bytes) -> Submissions:
    """What is held of one company; Garbage when it is no answer, or its columns do not fit."""
    told = decoded(_SUBMISSIONS, body, "EDGAR")
    recent = told.filings.recent
    rows = len(recent.accession_number)
    if any(len(getattr(recent, name)) != rows for name in recent.__struct_fields__):
        raise Garbage("not an answer of EDGAR: its columns are not of one length")
    if not told.cik.isdecimal():
        raise Garbage("not an answer of EDGAR: its CIK is no number")
    return told


def profile(told: Submissions, symbol: str) -> Profile:
    """The company as the SEC knows it."""
    listed = dict(zip(told.tickers, told.exchanges, strict=False))
    exchange = clean(listed.get(dashed(symbol)) or "", limit=60)
    return Profile(
        symbol=symbol,
        name=_words(told.name),
        exchange=exchange,
        mic=_MICS.get(exchange, ""),
        industry=_words(told.sic_description),
        country=_country(told.addresses.get("business")),
        website=_words(told.website),
        summary=_words(told.description, 4_000),
        cik=told.cik.zfill(10),
    )


def filings(told: Submissions) -> tuple[Filing, ...]:
    """The newest filings, newest first, each with the address of its document."""
    recent = told.filings.recent
    return tuple(
        Filing(
            clean(form, limit=40),
            on,
            at,
            clean(title, limit=200),
            clean(items, limit=200),
            _DOCUMENTS.format(int(told.cik), number.replace("-", ""), clean(document, limit=200)),
        )
        for number, on, at, form, items, document, title in zip(
            recent.accession_number,
            recent.filing_date,
            recent.acceptance_date_time,
            recent.form,
            recent.items,
            recent.primary_document,
            recent.primary_doc_description,
            strict=True,
        )
    )


def _by_exchange(table: "_Table") -> Mapping[str, Filer]:
    try:
        cik, name, ticker, exchange = (
            table.fields.index(each) for each in ("cik", "name", "ticker", "exchange")
        )
        return {
            clean(str(row[ticker]), limit=20).upper(): Filer(
                _number(row[cik]),
                clean(str(row[name]), limit=200),
                clean(str(row[exchange] or ""), limit=60),
            )
            for row in table.data
        }
    except (ValueError, IndexError) as wrong:
        if isinstance(wrong, Garbage):
            raise
        raise Garbage("not an answer of EDGAR: its columns are others") from None


def _number(told: object) -> int:
    if isinstance(told, int) and 0 < told < 10_000_000_000:
        return told
    raise Garbage(f"not an answer of EDGAR: a CIK of {clean(str(told), limit=40)!r}")


def _words(text: str | None, limit: int = 200) -> str:
    bare = clean(text or "", limit=limit).strip()
    return "" if bare == "None" else bare


def _country(place: Place | None) -> str:
    """States of the US have codes of two letters, other countries have a digit in theirs."""
    if place is None or not place.state_or_country:
        return ""
    if place.state_or_country.isalpha() or place.state_or_country == "X1":
        return "United States"
    return _words(place.state_or_country_description)


class _Ticker(msgspec.Struct):
    ticker: str
    title: str
    cik: int = msgspec.field(name="cik_str")


class _Table(msgspec.Struct):
    fields: list[str]
    data: list[list[str | int | None]]


_TICKERS = decoder(dict[str, _Ticker])
_TABLE = decoder(_Table)
_SUBMISSIONS = decoder(Submissions)
