"""A number of a sentence to one step of reckoning over facts that belong together.

With many facts nearly any number can be made of two of them. So an operation is tried only where a
word of the sentence tells it, and only over facts the sentence names or has cited, of one symbol,
or of one field over several symbols.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import permutations

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.evidence import Pool, shown
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.families import families, over_family, usable
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.matching import signed_value, unit_suits
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.series import Reckoned, outputs
from tio.engine.analyst.grounding.subjects import LEVEL
from tio.engine.analyst.grounding.verdicts import Match
from tio.engine.analyst.grounding.words import MEAN, MOVED, TOTAL

COMPARING = re.compile(
    r"\b(?:than|versus|vs|against|ahead|behind|outperform\w*|underperform\w*|apart|between|gap"
    r"|spread|differ\w*|ratio|times|as (?:much|many|large|big|high)|together|combined|total|sum"
    r"|both|the two|these two|the pair|them|relative|exceed\w*|lag\w*|lead\w*|trail\w*|compar\w*"
    r"|more|less)\b|\d\s?[x×]"
)
"""Words that reckon with two symbols at once."""
MOST = 14
"""Operands tried in pairs at most: those nearest in the text come first."""
_LEVELS = (Kind.price, Kind.money, Kind.quantity, Kind.number, Kind.tally)
_GAP = re.compile(
    r"\b(?:spread|gap|band|width|beneath|underneath|differ\w*|points?|ahead|behind|more|less|outperform\w*|underperform\w*|wider"
    r"|narrower|premium|discount|upside|downside|range|wide|apart|versus|vs|exceed\w*"
    r"|away|short of|shy"
    r"|lead\w*|lag\w*|beat\w*|trail\w*|distance|room|cushion|profit|fewer|larger|smaller|under|over"
    r"|excess|net of|between)\b"
)
_RESULT = re.compile(
    r"\b(?:com(?:es|ing)|came|amount(?:s|ed|ing)?|work(?:s|ed|ing) out|add(?:s|ed|ing) up|equal)"
    r"\s(?:to|at)\s(?=[$€£¥]?$)"
)
"""Said of what was reckoned, not of a level reached."""
_THAT_IS = re.compile(r"(?:,\s(?:or|that is|i\.e\.)|\()\s?(?:about\s|roughly\s|around\s)?[$€£¥]?$")
_REFERENCE = re.compile(
    r"\s(?:above|below|over|under|beneath|off|from|(?:higher|lower|more|less) than|short of|shy of"
    r"|away from|against)\s(?:the\s|its\s|their\s|that\s|today's\s|yesterday's\s)?"
)
_BETWEEN = re.compile(
    r"\b(?:points?|apart|gap|spread|differ\w*|ahead|behind|outperform\w*|underperform\w*|wider"
    r"|narrower|versus|vs|lead\w*|lag\w*|beat\w*|trail\w*|exceed\w*|excess)\b"
)
"""Words that take one percentage from another."""
_PART = re.compile(
    r"\b(?:of|share|portion|part|represent\w*|account\w*|mak(?:es?|ing) up|per ?cent|ratio|relative"
    r"|weight\w*|stand\w*|equal\w*|fraction|compared|cash)\b"
)
_RATIO = re.compile(
    r"\b(?:ratio|times|multiple|as (?:much|many|large|big|high)|fold|per|trades at|doubl\w*"
    r"|tripl\w*|turnover|relative)\b|\d\s?[x×]"
)
_PRODUCT = re.compile(r"\b(?:worth|value[sd]?|position|stake|holding|cost\w*|exposure|invested)\b")
_REST = re.compile(r"\b(?:remain\w*|rest|other|balance|left|outside|elsewhere|uncovered)\b")
_BOTH = re.compile(
    r"\b(?:the two|these two|the pair|both)\s(?:of them\s)?(?:are|make|come|hold|amount)\b"
    r"|\bbetween them\b"
)
_IMPLIED = {
    "range": ("high", "low", "day_high", "day_low", "year_high", "year_low"),
    "spread": ("bid", "ask"),
    "band": ("high", "low", "day_high", "day_low", "year_high", "year_low"),
    "mid": ("bid", "ask"),
    "upside": ("target_price",),
    "downside": ("target_price",),
    "worth": ("quantity", "price", "last"),
    "apart": ("change_percent",),
    "performance": ("change_percent",),
    "ahead": ("change_percent",),
    "behind": ("change_percent",),
    "outperform": ("change_percent",),
    "underperform": ("change_percent",),
    "gap": ("open", "previous_close"),
    "cash": ("nav",),
}
"""What a word is reckoned from although it does not say so."""
_BOUND = ("range", "band", "spread", "mid")
_EARLIER = frozenset({"previous_close", "open", "average_cost", "cost", "begin_value", "put_in"})
_LATER = frozenset({"last", "close", "price", "value", "end_value"})
_HUNDRED = Decimal(100)
_Pair = tuple[Fact, Fact]


def derived(context: Context, figure: Figure) -> Match | None:
    """The facts and the operation whose result a figure states, told by words; or None."""
    span = reach(figure)
    claimed = signed_value(context, figure)
    for one, signs in _candidates(context, figure):
        value = Decimal(repr(one.value)) if isinstance(one.value, float) else one.value
        if not span.holds(value):
            continue
        if signs and claimed and value and (value > 0) != (claimed > 0):
            continue
        return Match(one.facts, one.operation, value)
    return None


def _candidates(context: Context, figure: Figure) -> Iterator[tuple[Reckoned, bool]]:
    words = context.lower
    about = words[max(0, figure.start - 60) : figure.end + 40]
    operands = _operands(context, figure)
    whom, strange = context.symbols(figure), frozenset[str]()
    if whom and context.sentence.says(whom):
        foreign = {fact.symbol for fact in operands} - set(whom) - {""}
        if not COMPARING.search(about):
            operands = [fact for fact in operands if fact.symbol not in foreign]
        else:
            strange = frozenset(foreign)
    told = any(context.tells(figure, name) for name in context.claims(figure))
    joint = COMPARING.search(about) or TOTAL.search(about) or any(one in about for one in _BOUND)
    if told and not joint:
        operands = []
    pairs = (
        (a, b)
        for a, b in permutations(operands, 2)
        if not (a.symbol == b.symbol and a.symbol in strange) and _belong(a, b)
    )
    named = context.fields_named | {fact.field for fact in context.cited}
    if figure.form is Form.percent:
        against = _against(context, figure)
        if against:
            pairs = (pair for pair in pairs if _is_one_of(pair[1].field, against))
        yield from _percents(about, pairs, _leading(context, figure), named)
        if _REST.search(about):
            yield from _rests(operands)
    elif not LEVEL.search(_RESULT.sub("=", context.sentence.text[: figure.start])):
        yield from _amounts(about, pairs, figure, named)
        yield from _of_the_whole(context, words[max(0, figure.start - 40) : figure.start])
    near = words[max(0, figure.start - 50) : figure.end + 30]
    for family in families(context, figure):
        yield from over_family(near, family, figure)


def _operands(context: Context, figure: Figure) -> list[Fact]:
    """What was cited here, what the sentence names, the newest price: the nearest first."""
    symbols = set(context.symbols(figure)) | set(context.sentence.symbols)
    pool = context.evidence.pool(tuple(sorted(symbols)))
    named, _ = context.named(figure)
    if not symbols and len(context.evidence.symbols) > 1:
        pool = Pool(tuple(fact for fact in pool.facts if not fact.symbol))
    found: dict[str, Fact] = {fact.id: fact for fact in reversed(context.cited) if usable(fact)}
    everywhere = set(named) | {name for _, _, name in context.sentence.named}
    about = context.lower[max(0, figure.start - 60) : figure.end + 25]
    implied = [fields for word, fields in _IMPLIED.items() if word in about]
    everywhere.update(*implied)
    bound = [fields for word, fields in _IMPLIED.items() if word in about and word in _BOUND]
    if bound and figure.form is not Form.percent:
        wanted = set().union(*bound)
        return [fact for fact in pool.facts if fact.field in wanted and usable(fact)][:MOST]
    for fact in pool.facts:
        if fact.field in everywhere and usable(fact) and fact.id not in found:
            found[fact.id] = fact
            if len(found) >= MOST:
                break
    for fact in pool.facts:
        if fact.field in ("last", "price", "previous_close") and fact.symbol in symbols:
            found.setdefault(fact.id, fact)
    for column in context.evidence.series(tuple(sorted(symbols))):
        wanted_row = column.field == "close" or (column.field in everywhere and outputs(column))
        if symbols and wanted_row and len(found) < MOST + 4:
            last = column.fact(-1)
            found.setdefault(last.id, last)
    return list(found.values())[: MOST + 4]


def _leading(context: Context, figure: Figure) -> frozenset[str]:
    """The fields that may be what is up or down: the newest price, or one named just before."""
    before = [(end, name) for _, end, name in context.sentence.named if end <= figure.start]
    nearest = {name for end, name in before if end >= figure.start - 40}
    return _LATER | nearest


def _against(context: Context, figure: Figure) -> frozenset[str]:
    """The fields a percentage is said to be above or below: `0.5 % below the previous close`."""
    text = context.sentence.text
    return frozenset(
        name
        for start, _, name in context.sentence.named
        if start > figure.end and _REFERENCE.fullmatch(text[figure.end : start])
    )


def _is_one_of(field: str, names: frozenset[str]) -> bool:
    """Whether a field is one of those named; `the high` may be that of the year."""
    return any(field == name or field.endswith(f"_{name}") for name in names)


def _percents(
    words: str, pairs: Iterable[_Pair], leading: frozenset[str], named: frozenset[str]
) -> Iterator[tuple[Reckoned, bool]]:
    moved, gap, part = MOVED.search(words), _GAP.search(words), _PART.search(words)
    total = TOTAL.search(words) or _BOTH.search(words)
    if not (moved or gap or part or total or _BETWEEN.search(words)):
        return
    for a, b in pairs:
        if a.kind is Kind.percent and b.kind is Kind.percent:
            x, y = shown(a, True), shown(b, True)
            if _BETWEEN.search(words):
                yield _made(x - y, f"{a.path} − {b.path}", a, b), False
            if total:
                yield _made(x + y, f"{a.path} + {b.path}", a, b), False
        elif a.kind in _LEVELS and b.kind in _LEVELS and b.number:
            mixed = bool(a.symbol) != bool(b.symbol)
            led = a.field in leading and (
                a.field in _LATER or b.field in _LATER or b.field in named
            )
            if not mixed and (moved or gap) and (led or a.kind is not Kind.price):
                rise = (a.number / b.number - 1) * _HUNDRED
                yield _made(rise, f"{a.path} against {b.path} in %", a, b), True
            if part and a.kind is b.kind and a.number < b.number and not a.signed and not b.signed:
                yield (
                    _made(a.number / b.number * _HUNDRED, f"{a.path} in % of {b.path}", a, b),
                    True,
                )


def _rests(operands: list[Fact]) -> Iterator[tuple[Reckoned, bool]]:
    for a in operands:
        if a.kind is Kind.percent:
            yield _made(_HUNDRED - shown(a, True), f"100 % − {a.path}", a), False


def _amounts(
    words: str, pairs: Iterable[_Pair], figure: Figure, named: frozenset[str]
) -> Iterator[tuple[Reckoned, bool]]:
    moved = MOVED.search(words) or _GAP.search(words)
    total, ratio, product = TOTAL.search(words), _RATIO.search(words), _PRODUCT.search(words)
    if not (moved or total or ratio or product or MEAN.search(words) or "mid" in words):
        return
    for a, b in pairs:
        if a.kind is Kind.percent or b.kind is Kind.percent:
            continue
        alike = unit_suits(figure, a.unit) and unit_suits(figure, b.unit)
        priced = {a.kind, b.kind} & {Kind.quantity, Kind.tally}
        if product and a.symbol == b.symbol and a.kind is Kind.quantity and b.kind is Kind.price:
            yield _made(a.number * b.number, f"{a.path} × {b.path}", a, b), False
        alone = a.symbol == b.symbol and not {a.field, b.field} <= named
        if ratio and b.number and figure.form is not Form.money and not alone:
            yield _made(a.number / b.number, f"{a.path} ÷ {b.path}", a, b), False
        mixed = bool(a.symbol) != bool(b.symbol) or not a.number or not b.number
        if mixed or not alike or (priced and a.kind is not b.kind):
            continue
        if moved and figure.form is not Form.multiple:
            yield _made(a.number - b.number, f"{a.path} − {b.path}", a, b), True
        if total and a.id < b.id:
            yield _made(a.number + b.number, f"{a.path} + {b.path}", a, b), False
        if MEAN.search(words) or "mid" in words:
            yield _made((a.number + b.number) / 2, f"mean of {a.path} and {b.path}", a, b), False


def _of_the_whole(context: Context, before: str) -> Iterator[tuple[Reckoned, bool]]:
    """What a percentage of the sentence is of the portfolio: `2.2 % of it, or 269.01`."""
    if not _THAT_IS.search(before):
        return
    whole = [fact for fact in context.evidence.pool(()).facts if fact.field in ("nav", "net")]
    for a in context.cited:
        if a.kind is Kind.percent and usable(a):
            for b in whole[:2]:
                part = shown(a, True) / _HUNDRED * b.number
                yield _made(part, f"{a.path} of {b.path}", a, b), False


def _belong(a: Fact, b: Fact) -> bool:
    """Whether two facts may be reckoned with: of one symbol, or one field of two symbols."""
    if a.field in _EARLIER and b.field in _LATER:
        return False  # a rise is told from what was to what is
    if _is_row(a) and _is_row(b) and a.family != b.family and a.as_of != b.as_of:
        return False
    if a.number == b.number:
        return False
    if a.symbol == b.symbol:
        return a.kind is b.kind or not a.unit or not b.unit or a.unit == b.unit
    return a.field == b.field or (not a.symbol or not b.symbol)


def _made(value: Decimal, operation: str, *facts: Fact) -> Reckoned:
    return Reckoned(value, operation, facts)


def _is_row(fact: Fact) -> bool:
    """Whether a fact is one value of a series."""
    return fact.path.startswith(f"{fact.family}[")
