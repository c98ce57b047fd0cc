"""Stretches of the past worth living through again, by the S&P 500's closes before and after."""

from datetime import date

from tio.api.errors import NotFound
from tio.api.portfolio_risk import HistoricalWindow

WINDOWS = tuple(
    HistoricalWindow(
        name=name, title=title, start=date.fromisoformat(start), end=date.fromisoformat(end)
    )
    for name, title, start, end in (
        ("1987-10", "Black Monday", "1987-10-13", "1987-10-19"),
        ("2000", "The dot-com bust", "2000-03-24", "2002-10-09"),
        ("2008", "The financial crisis", "2007-10-09", "2009-03-09"),
        # It fell and rose within an afternoon: closes show a part of it.
        ("2010-05", "The flash crash", "2010-05-05", "2010-05-07"),
        ("2011", "Debt ceiling and euro crisis", "2011-07-22", "2011-10-03"),
        ("2015-08", "The yuan devalued", "2015-08-17", "2015-08-25"),
        ("2018-02", "Short volatility unwound", "2018-01-26", "2018-02-08"),
        ("2018-12", "Rates and trade war", "2018-12-03", "2018-12-24"),
        ("2020-03", "The pandemic", "2020-02-19", "2020-03-23"),
        ("2022", "Inflation and rates", "2022-01-03", "2022-10-12"),
    )
)


def window(name: str) -> HistoricalWindow:
    """The one of that name; NotFound lists them all."""
    for each in WINDOWS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in WINDOWS)
    raise NotFound(f"there is no historical window {name[:40]!r}", f"one of {known}")
