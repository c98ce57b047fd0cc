"""Numbers as files write them: decimal points or commas, thousands, currency signs, 1.5M."""

import re
from collections.abc import Iterable, Sequence
from math import isfinite, nan

_SIGNS = str.maketrans("", "", " \u00a0\u202f'’_$€£¥")
_EXACT_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_SCALE = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


def decimal_comma(texts: Iterable[str], delimiter: str) -> bool:
    """Whether these numbers, as a whole, write 1234,5 for 1234.5."""
    grouped = False
    for text in texts:
        comma, dot = text.rfind(","), text.rfind(".")
        if comma < 0:
            continue
        if dot >= 0:
            return comma > dot
        if not _EXACT_THOUSANDS.fullmatch(text.strip()):
            return True
        grouped = True
    return grouped and delimiter == ";"


def parse(texts: Sequence[str], comma: bool, *, scaled: bool = False) -> list[float]:
    """Each text as a number, NaN where it is none; with `scaled` also 12.5K, 3M, 1B."""
    if not comma:
        try:
            return [value if isfinite(value) else nan for value in map(float, texts)]
        except ValueError:
            pass  # Not all plain: each is read with care.
    return [_number(text, comma, scaled) for text in texts]


def _number(text: str, comma: bool, scaled: bool) -> float:
    text = text.translate(_SIGNS)
    scale = 1.0
    if scaled and text[-1:].upper() in _SCALE:
        scale, text = _SCALE[text[-1].upper()], text[:-1]
    text = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
    try:
        value = float(text) * scale
    except ValueError:
        return nan
    return value if isfinite(value) else nan
