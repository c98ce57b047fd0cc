"""The words that tell an operation: extremes, means, sums, moves."""

import re
from dataclasses import dataclass

EXTREME = re.compile(
    r"\b(?:highs?|lows?|peak\w*|trough\w*|max(?:imum)?|min(?:imum)?|highest|lowest|top\w*|bottom\w*"
    r"|range\w*|between|support|resistance|extremes?|record|never|best|worst|ceiling|floor|busiest"
    r"|hit|touch\w*|reach\w*|dip\w*|quietest|heaviest|thinnest|largest|smallest|most|least|biggest)\b"
)
MEAN = re.compile(r"\b(?:averag\w*|mean|typical\w*|median)\b")
TOTAL = re.compile(
    r"\b(?:total\w*|sum|combined|together|altogether|in all|cumulative\w*|add(?:s|ed|ing)? up"
    r"|sums?|aggregate|overall)\b"
)
MOVED = re.compile(
    r"\b(?:up|down|rose|risen|fell|fallen|gain\w*|lost|loss\w*|chang\w*|mov\w*|return\w*|higher|lower"
    r"|climb\w*|declin\w*|drop\w*|advanc\w*|rall\w*|added|adds|shed\w*|slid\w*|slip\w*|grew|grown"
    r"|increas\w*|decreas\w*|jump\w*|performance|since|over|swung|retreat\w*|surg\w*|plung\w*|sank"
    r"|drawdown|below|above|off|from)\b"
)
EARLIER = re.compile(r"\b(?:previous\w*|prior|before|earlier|preceding|yesterday|day before)\b")
FIRST = re.compile(r"\b(?:first|start\w*|beg[ia]n\w*|from|since|open\w* the|initial\w*)\b")


@dataclass(frozen=True, slots=True)
class Told:
    """Which operations a sentence in small letters has words for."""

    extreme: bool
    mean: bool
    median: bool
    total: bool
    moved: bool
    earlier: bool
    first: bool


def told(words: str) -> Told:
    """The operations a sentence tells."""
    return Told(
        extreme=EXTREME.search(words) is not None,
        mean=MEAN.search(words) is not None,
        median="median" in words,
        total=TOTAL.search(words) is not None,
        moved=MOVED.search(words) is not None,
        earlier=EARLIER.search(words) is not None,
        first=FIRST.search(words) is not None,
    )
