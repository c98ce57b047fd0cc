"""Numbers with a decimal mark that is known."""

import re
from decimal import Decimal

from tio.api.errors import Invalid

_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")
_AROUND = re.compile(r"^[^\d.,()+−-]*|[^\d.,()+−-]*$")


class Numbers:
    """Reads 1.234,56 or 1,234.56, with a currency beside it, a sign before or behind it."""

    def __init__(self, decimal: str) -> None:
        if decimal not in (".", ","):
            raise Invalid(f"the decimal mark is . or , and not {decimal!r}")
        self._decimal = decimal
        self._grouping = re.compile(r"[\s'’_]|" + (r"\." if decimal == "," else ","))

    def read(self, text: str, column: str) -> Decimal:
        """The number; Invalid naming the column."""
        cell = _AROUND.sub("", text.strip())
        negative = cell.startswith(("-", "−", "(")) or cell.endswith(("-", "−"))
        cell = _AROUND.sub("", cell.strip("()+-− "))
        plain = self._grouping.sub("", cell).replace(self._decimal, ".")
        if not _NUMBER.fullmatch(plain):
            raise Invalid(f"{column}: {text.strip()!r} is no number")
        return -Decimal(plain) if negative else Decimal(plain)
