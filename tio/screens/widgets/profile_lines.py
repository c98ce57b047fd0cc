"""A profile as lines: each figure with the source that gave it, what nobody gave as a dash."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo

from tio.api.companies import CorporateEvent, EventKind, Profile
from tio.draw.table import fit, volume
from tio.screens.widgets.lines import Line, Part

NOBODY = "—"
LABEL, VALUE, TELLER = 15, 22, 12
WIDE = 2 * (LABEL + VALUE + TELLER) + 6
"""From this width on figures stand in two columns."""
PAST = 4
"""Events shown that have been."""
KINDS = {
    EventKind.share_split: "split",
    EventKind.dividend: "dividend",
    EventKind.capital_gain: "capital gain",
}
Figure = tuple[str, str, str]
"""Its name, its value in words or empty, the field that `told_by` knows."""


def profile_lines(profile: Profile, zone: tzinfo, width: int) -> list[Line]:
    """Everything a profile has room for, `width` cells wide."""
    lines: list[Line] = []
    for heading, figures in _groups(profile, zone):
        lines += [[], [(heading, "accent")]]
        lines += _columns([_cell(figure, profile) for figure in figures], width)
    if profile.summary:
        lines += [[], [("about", "accent")], [(profile.summary, "text")]]
    return lines[1:]


def event_lines(events: Sequence[CorporateEvent], today: date) -> list[Line]:
    """Events to come, then the newest that have been."""
    ahead = [event for event in events if event.ex_date >= today]
    past = [event for event in events if event.ex_date < today][-PAST:]
    shown = [*ahead, *reversed(past)]
    lines: list[Line] = [[], [("splits and dividends", "accent")]]
    for event in shown:
        ink = "text" if event.ex_date >= today else "muted"
        lines.append(
            [
                (fit(f"{event.ex_date:%Y-%m-%d}", LABEL), "muted"),
                (fit(f"{KINDS[event.kind]} {_amount(event)}", VALUE), ink),
                (event.source, "muted"),
            ]
        )
    return lines if shown else [*lines, [("none known", "muted")]]


def _amount(event: CorporateEvent) -> str:
    if event.ratio is not None:
        return f"{event.ratio:g} for 1"
    return NOBODY if event.amount is None else f"{event.amount:g} {event.currency}".rstrip()


def _groups(profile: Profile, zone: tzinfo) -> Iterator[tuple[str, list[Figure]]]:
    yield (
        "what it is",
        [
            ("name", profile.name, "name"),
            ("kind", str(profile.asset_class), "asset_class"),
            ("exchange", _exchange(profile), "exchange"),
            ("currency", profile.currency, "currency"),
            ("sector", profile.sector, "sector"),
            ("industry", profile.industry, "industry"),
            ("country", profile.country, "country"),
            ("employees", _count(profile.employees), "employees"),
            ("website", profile.website, "website"),
            ("SEC number", profile.cik, "cik"),
        ],
    )
    yield (
        "next",
        [
            ("earnings", _earnings(profile, zone), "earnings_from"),
            ("ex-dividend", _day(profile.ex_dividend), "ex_dividend"),
        ],
    )
    yield (
        "ranges",
        [
            ("day", _range(profile.day_low, profile.day_high), "day_high"),
            ("year", _range(profile.year_low, profile.year_high), "year_high"),
            ("volume, usual", _quantity(profile.average_volume), "average_volume"),
            ("target price", _plain(profile.target_price), "target_price"),
        ],
    )
    money = f" {profile.currency}" if profile.currency else ""
    yield (
        "size and value",
        [
            ("market cap", _quantity(profile.market_cap, money), "market_cap"),
            ("shares", _quantity(profile.shares), "shares"),
            ("P/E", _plain(profile.pe), "pe"),
            ("P/E ahead", _plain(profile.forward_pe), "forward_pe"),
            ("earnings/share", _plain(profile.eps, money), "eps"),
            ("book/share", _plain(profile.book_value, money), "book_value"),
            ("price to book", _plain(profile.price_to_book), "price_to_book"),
            ("beta", _plain(profile.beta), "beta"),
            ("dividend", _plain(profile.dividend_rate, money), "dividend_rate"),
            ("yield", _percent(profile.dividend_yield), "dividend_yield"),
        ],
    )
    yield (
        "business",
        [
            ("revenue", _quantity(profile.revenue, money), "revenue"),
            ("profit margin", _percent(profile.profit_margin), "profit_margin"),
            ("on equity", _percent(profile.return_on_equity), "return_on_equity"),
            ("debt to equity", _plain(profile.debt_to_equity), "debt_to_equity"),
            ("free cash flow", _quantity(profile.free_cash_flow, money), "free_cash_flow"),
        ],
    )


def _cell(figure: Figure, profile: Profile) -> list[Part]:
    name, value, field = figure
    teller = profile.told_by.get(field, "") if value else ""
    return [
        (fit(name, LABEL), "muted"),
        (fit(value or NOBODY, VALUE) + " ", "text" if value else "muted"),
        (fit(teller, TELLER), "blue"),
    ]


def _columns(cells: Sequence[list[Part]], width: int) -> list[Line]:
    """The cells one under the other, or in two columns where there is room."""
    if width < WIDE:
        return [*cells]
    half = (len(cells) + 1) // 2
    right = [*cells[half:], *([[]] * (2 * half - len(cells)))]
    pairs = zip(cells[:half], right, strict=True)
    return [[*left, ("  ", "text"), *other] for left, other in pairs]


def _exchange(profile: Profile) -> str:
    mic = profile.mic if profile.mic != profile.exchange else ""
    return f"{profile.exchange} ({mic})" if profile.exchange and mic else profile.exchange or mic


def _earnings(profile: Profile, zone: tzinfo) -> str:
    begins, ends = profile.earnings_from, profile.earnings_until
    if begins is None:
        return ""
    told = _local_day(begins, zone)
    if ends is not None and _local_day(ends, zone) != told:
        told += f" to {_local_day(ends, zone)[5:]}"
    return f"~{told}" if profile.earnings_estimated else told


def _local_day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def _day(on: date | None) -> str:
    return "" if on is None else on.isoformat()


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _quantity(value: float | None, unit: str = "") -> str:
    return "" if value is None else volume(value) + unit


def _plain(value: float | None, unit: str = "") -> str:
    return "" if value is None else f"{value:,.6g}".replace("-", "−") + unit


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{fraction * 100:.2f}%".replace("-", "−")


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_plain(low)} to {_plain(high)}"
