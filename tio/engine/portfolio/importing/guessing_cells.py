"""What a column whose name says nothing can be told by: its cells."""

import re
from collections.abc import Callable, Mapping, Sequence

from tio.api.mappings import CsvField as Field

_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")
_CURRENCY = re.compile(r"USD|EUR|GBP|GBp|GBX|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|HKD|SGD|NZD|CZK|HUF")
_DATE = re.compile(r"\d{1,4}[-./ ]\S+[-./ ]\d{1,4}\b.*")
_FITS: dict[Field, re.Pattern[str]] = {
    Field.date: _DATE,
    Field.isin: _ISIN,
    Field.currency: _CURRENCY,
}


def by_cells(
    header: Sequence[str],
    cells: Callable[[str], Sequence[str]],
    known: Mapping[Field, str],
    is_date: Callable[[Sequence[str]], bool],
) -> dict[Field, str]:
    """A column for each of date, ISIN and currency that none is named for, by all of its cells."""
    found = dict(known)
    for field, pattern in _FITS.items():
        for name in header:
            if field in found or not name or name in found.values():
                continue
            told = cells(name)
            fits = bool(told) and all(pattern.fullmatch(each) for each in told)
            if fits and (field is not Field.date or is_date(told)):
                found[field] = name
    return found
