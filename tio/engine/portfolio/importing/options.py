"""Options told from shares by how brokers spell them."""

import re

from tio.api.errors import Invalid

_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_ROOT = r"[A-Z][A-Z0-9./]{0,7}"
_SPELLINGS = (
    rf"-?{_ROOT}\s*\d{{6}}[CP]\d+(?:\.\d+)?",  # AAPL  240119C00150000, -AAPL240119C150
    rf"{_ROOT}\s+\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\s+\$?[\d.,]+\s+[CP](?:ALL|UT)?",
    rf"{_ROOT}\s+\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\s+(?:CALL|PUT)\s+\$?[\d.,]+",
    rf"{_ROOT}\s+\d{{1,2}}{_MONTH}\d{{2,4}}\s+[\d.,]+\s+[CP]",  # AAPL 19JAN24 150.0 C
    rf"{_ROOT}\s+{_MONTH}\s+\d{{1,2}}\s*'?\d{{2,4}}\s+\$?[\d.,]+\s+(?:CALL|PUT|[CP])",
)
_OPTION = re.compile("|".join(_SPELLINGS))
_TOLD = re.compile(rf"(?:CALL|PUT)\s+\({_ROOT}\)|(?:OPENING|CLOSING) TRANSACTION")


def is_option(text: str) -> bool:
    """Whether a symbol or name is an option's."""
    return _OPTION.match(text.strip().upper()) is not None


def tells_of_option(text: str) -> bool:
    """Whether a sentence is of an option trade, as CALL (AAPL) APPLE INC JAN 19 24 $150."""
    return _TOLD.search(text.upper()) is not None


def no_options(what: str, line: int) -> Invalid:
    """Why an option's row is not taken."""
    return Invalid(f"options are not kept: {' '.join(what.split())} in line {line}")
