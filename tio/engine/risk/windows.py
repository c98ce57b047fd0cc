"""Stretches of the past worth living through again, by the S&P 500's closes before and after."""

from datetime import date

from tio.api.errors import Invalid, NotFound
from tio.api.stress import HistoricalWindow

WINDOWS = tuple(
    HistoricalWindow(
        name=name,
        title=title,
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        alias=alias,
    )
    for name, alias, title, start, end in (
        ("1987-10", "black-monday", "Black Monday", "1987-10-13", "1987-10-19"),
        ("2000", "dotcom", "The dot-com bust", "2000-03-24", "2002-10-09"),
        ("2008", "gfc", "The financial crisis", "2007-10-09", "2009-03-09"),
        # It fell and rose within an afternoon: closes show a part of it.
        ("2010-05", "flash-crash", "The flash crash", "2010-05-05", "2010-05-07"),
        ("2011", "euro", "Debt ceiling and euro crisis", "2011-07-22", "2011-10-03"),
        ("2015-08", "yuan", "The yuan devalued", "2015-08-17", "2015-08-25"),
        ("2018-02", "volmageddon", "Short volatility unwound", "2018-01-26", "2018-02-08"),
        ("2018-12", "rates", "Rates and trade war", "2018-12-03", "2018-12-24"),
        ("2020-03", "covid", "The pandemic", "2020-02-19", "2020-03-23"),
        ("2022", "inflation", "Inflation and rates", "2022-01-03", "2022-10-12"),
    )
)


def window(name: str) -> HistoricalWindow:
    """The one of that name, or from one date to another, `2022-01-03..2022-10-12`; NotFound."""
    for each in WINDOWS:
        if name.lower() in (each.name, each.alias):
            return each
    first, dots, last = name.partition("..")
    if dots:
        return _between(first.strip(), last.strip())
    known = ", ".join(each.alias for each in WINDOWS)
    raise NotFound(
        f"there is no historical window {name[:40]!r}", f"one of {known}, or two dates, START..END"
    )


def _between(first: str, last: str) -> HistoricalWindow:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Invalid(
            f"a window runs from one date to another, was {first[:20]}..{last[:20]}",
            "as 2022-01-03..2022-10-12",
        ) from None
    if start >= end:
        raise Invalid(f"a window ends after it starts, was {start} to {end}")
    return HistoricalWindow(name=f"{start}..{end}", title="Own window", start=start, end=end)
