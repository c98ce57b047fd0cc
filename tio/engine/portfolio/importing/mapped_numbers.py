"""Numbers with a decimal mark that is known."""

import re
from decimal import Decimal

from tio.api.errors import Invalid

_AROUND = re.compile(r"^[^\d.,()+−-]*|[^\d.,()+−-]*$")
_MARKS = r"[\s'’_]"


class Numbers:
    """Reads 1.234,56 or 1,234.56, with a currency beside it, a sign before or behind it.

    Thousands stand in groups (lakhs too): with a decimal point 5,50 is no number, and not 550.
    """

    def __init__(self, decimal: str) -> None:
        if decimal not in (".", ","):
            raise Invalid(f"the decimal mark is . or , and not {decimal!r}")
        self._decimal = decimal
        group = rf"(?:{_MARKS}|{re.escape('.' if decimal == ',' else ',')})"
        mark = re.escape(decimal)
        grouped = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}"
        self._number = re.compile(rf"(?:\d+|{grouped})(?:{mark}\d*)?|{mark}\d+")
        self._group = re.compile(group)

    def read(self, text: str, column: str) -> Decimal:
        """The number; Invalid naming the column."""
        cell = _AROUND.sub("", text.strip())
        negative = cell.startswith(("-", "−", "(")) or cell.endswith(("-", "−"))
        cell = _AROUND.sub("", cell.strip("()+-− "))
        if not self._number.fullmatch(cell):
            raise Invalid(f"{column}: {text.strip()!r} is no number")
        value = Decimal(self._group.sub("", cell).replace(self._decimal, "."))
        return -value if negative else value
