"""A number of a sentence to one step of reckoning over facts that belong together.

With many facts nearly any number can be made of two of them. So an operation is tried only where a
word of the sentence tells it, and only over facts the sentence names or has cited, of one symbol,
or of one field over several symbols.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.evidence import shown
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.matching import signed_value, unit_suits
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.series import MEAN, MOVED, TOTAL, Reckoned
from tio.engine.analyst.grounding.verdicts import Match

MOST = 14
"""Operands tried in pairs at most: those nearest in the text come first."""
_LEVELS = (Kind.price, Kind.money, Kind.quantity, Kind.number, Kind.tally)
_GAP = re.compile(
    r"\b(?:spread|gap|differ\w*|points?|ahead|behind|more|less|outperform\w*|underperform\w*|wider"
    r"|narrower|premium|discount|upside|downside|range|wide|apart|versus|vs|exceed\w*|away|short of"
    r"|lead\w*|lag\w*|beat\w*|trail\w*|distance|room|cushion|profit|fewer|larger|smaller|under|over"
    r"|excess|net of|between)\b|[−–-]"
)
_PART = re.compile(
    r"\b(?:of|share|portion|part|represent\w*|account\w*|mak(?:es?|ing) up|per ?cent|ratio|relative"
    r"|weight\w*|stand\w*|equal\w*|fraction|compared)\b"
)
_RATIO = re.compile(
    r"\b(?:ratio|times|multiple|as (?:much|many|large|big|high)|fold|per|trades at|doubl\w*"
    r"|tripl\w*|turnover|relative)\b|\d\s?[x×]"
)
_PRODUCT = re.compile(r"\b(?:worth|value[sd]?|position|stake|holding|cost\w*|exposure|invested)\b")
_REST = re.compile(r"\b(?:remain\w*|rest|other|balance|left|outside|elsewhere|uncovered)\b")
_RANKED = re.compile(r"\b(?:largest|top|biggest|highest|heaviest|first|main|smallest|lowest)\b")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TOP = re.compile(
    rf"\b(?:top|largest|biggest|heaviest)[\s-](?P<a>\d+|{'|'.join(_NUMBERS)})\b"
    rf"|\b(?P<b>\d+|{'|'.join(_NUMBERS)})\s(?:largest|biggest|top|heaviest)\b"
)
_COUNTS = re.compile(
    r"\b(?:positions?|holdings?|names|stocks|symbols|quotes|rows|bars|lots|sectors|currencies"
    r"|instruments|days|sessions|declines|drawdowns|entries|assets|lines|of the|gainers|losers)\b"
)
_IMPLIED = {
    "range": ("high", "low", "day_high", "day_low", "year_high", "year_low"),
    "spread": ("bid", "ask"),
    "mid": ("bid", "ask"),
    "upside": ("target_price",),
    "downside": ("target_price",),
    "worth": ("quantity", "price", "last"),
    "gap": ("open", "previous_close"),
}
"""What a word is reckoned from although it does not say so."""
_EARLIER = frozenset({"previous_close", "open", "average_cost", "cost", "begin_value", "put_in"})
_LATER = frozenset({"last", "close", "price", "value", "end_value"})
_HUNDRED = Decimal(100)


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
    operands = _operands(context, figure)
    if figure.form is Form.percent:
        yield from _percents(words, operands)
    else:
        yield from _amounts(words, operands, figure)
    for family in _families(context, figure):
        yield from _over_family(words, family, figure)


def _operands(context: Context, figure: Figure) -> list[Fact]:
    """What was cited here, what the sentence names, the newest price: the nearest first."""
    symbols = set(context.symbols(figure)) | set(context.sentence.symbols)
    pool = context.evidence.pool(tuple(sorted(symbols)))
    named, _ = context.named(figure)
    found: dict[str, Fact] = {fact.id: fact for fact in reversed(context.cited) if _usable(fact)}
    everywhere = set(named) | {name for _, _, name in context.sentence.named}
    for word, fields in _IMPLIED.items():
        if word in context.lower:
            everywhere.update(fields)
    for fact in pool.facts:
        if fact.field in everywhere and _usable(fact) and fact.id not in found:
            found[fact.id] = fact
            if len(found) >= MOST:
                break
    for fact in pool.facts:
        if fact.field in ("last", "price", "previous_close") and fact.symbol in symbols:
            found.setdefault(fact.id, fact)
    for column in context.evidence.series(tuple(sorted(symbols))):
        if column.field == "close" and len(found) < MOST + 4:
            last = column.fact(-1)
            found.setdefault(last.id, last)
    return list(found.values())[: MOST + 4]


def _usable(fact: Fact) -> bool:
    return isinstance(fact.value, Decimal) and not fact.text


def _percents(words: str, operands: list[Fact]) -> Iterator[tuple[Reckoned, bool]]:
    moved, gap, part = MOVED.search(words), _GAP.search(words), _PART.search(words)
    total = TOTAL.search(words)
    for a, b in permutations(operands, 2):
        if not _belong(a, b):
            continue
        if a.kind is Kind.percent and b.kind is Kind.percent:
            x, y = shown(a, True), shown(b, True)
            if gap or moved:
                yield _made(x - y, f"{a.path} − {b.path}", a, b), False
            if total:
                yield _made(x + y, f"{a.path} + {b.path}", a, b), False
        elif a.kind in _LEVELS and b.kind in _LEVELS and b.number:
            if moved or gap:
                rise = (a.number / b.number - 1) * _HUNDRED
                yield _made(rise, f"{a.path} against {b.path} in %", a, b), True
            if part and a.number < b.number:
                yield (
                    _made(a.number / b.number * _HUNDRED, f"{a.path} in % of {b.path}", a, b),
                    True,
                )
    if _REST.search(words):
        for a in operands:
            if a.kind is Kind.percent:
                yield _made(_HUNDRED - shown(a, True), f"100 % − {a.path}", a), False


def _amounts(words: str, operands: list[Fact], figure: Figure) -> Iterator[tuple[Reckoned, bool]]:
    moved = MOVED.search(words) or _GAP.search(words)
    total, ratio, product = TOTAL.search(words), _RATIO.search(words), _PRODUCT.search(words)
    for a, b in permutations(operands, 2):
        if a.kind is Kind.percent or b.kind is Kind.percent or not _belong(a, b):
            continue
        alike = unit_suits(figure, a.unit) and unit_suits(figure, b.unit)
        priced = {a.kind, b.kind} & {Kind.quantity, Kind.tally}
        if product and a.symbol == b.symbol and a.kind is Kind.quantity and b.kind is Kind.price:
            yield _made(a.number * b.number, f"{a.path} × {b.path}", a, b), False
        if ratio and b.number and figure.form is not Form.money:
            yield _made(a.number / b.number, f"{a.path} ÷ {b.path}", a, b), False
        if not alike or (priced and a.kind is not b.kind):
            continue
        if moved and figure.form is not Form.multiple:
            yield _made(a.number - b.number, f"{a.path} − {b.path}", a, b), True
        if total and a.id < b.id:
            yield _made(a.number + b.number, f"{a.path} + {b.path}", a, b), False
        if MEAN.search(words) or "mid" in words:
            yield _made((a.number + b.number) / 2, f"mean of {a.path} and {b.path}", a, b), False


def _belong(a: Fact, b: Fact) -> bool:
    """Whether two facts may be reckoned with: of one symbol, or one field of two symbols."""
    if a.field in _EARLIER and b.field in _LATER:
        return False  # a rise is told from what was to what is
    if a.symbol == b.symbol:
        return a.kind is b.kind or not a.unit or not b.unit or a.unit == b.unit
    return a.field == b.field or (not a.symbol or not b.symbol)


def _families(context: Context, figure: Figure) -> Iterator[list[Fact]]:
    """The facts of one field over all rows of one answer, for the fields the sentence names."""
    named = {name for _, _, name in context.sentence.named}
    found: dict[str, list[Fact]] = {}
    for fact in context.evidence.facts:
        if fact.field in named and _usable(fact) and fact.family != fact.path:
            found.setdefault(f"{fact.call}:{fact.family}", []).append(fact)
    yield from (rows for rows in found.values() if len(rows) > 1)


def _over_family(words: str, rows: list[Fact], figure: Figure) -> Iterator[tuple[Reckoned, bool]]:
    percent = figure.form is Form.percent
    if percent != (rows[0].kind is Kind.percent):
        return
    if figure.form is Form.money and not all(unit_suits(figure, row.unit) for row in rows):
        return
    values = [shown(row, percent) for row in rows]
    path, some = rows[0].family, tuple(rows[:20])
    if TOTAL.search(words):
        yield Reckoned(sum(values), f"sum of {path}", some), False
    if MEAN.search(words):
        mean = sum(values) / len(values)
        yield Reckoned(mean, f"mean of {path}", some), False
        middle = sorted(values)[len(values) // 2]
        yield Reckoned(middle, f"median of {path}", some), False
    if _RANKED.search(words):
        order = sorted(range(len(rows)), key=lambda i: values[i], reverse=True)
        for found in _TOP.finditer(words):
            text = found["a"] or found["b"]
            many = int(text) if text.isdigit() else _NUMBERS.index(text) + 1
            top = order[:many]
            total = sum(values[i] for i in top)
            made = Reckoned(
                total, f"sum of the {many} largest of {path}", tuple(rows[i] for i in top)
            )
            yield made, False
        for i in (order[0], order[-1]):
            yield Reckoned(values[i], f"extreme of {path}", (rows[i],)), False


def _made(value: Decimal, operation: str, *facts: Fact) -> Reckoned:
    return Reckoned(value, operation, facts)


def counted(context: Context, figure: Figure) -> Match | None:
    """A count of rows: all of them, or those above or below zero."""
    if figure.form is not Form.plain or figure.quantum != 1 or figure.sign:
        return None
    if not _COUNTS.search(context.lower):
        return None
    families: dict[str, list[Fact]] = {}
    for fact in context.evidence.facts:
        if fact.field.endswith("_count") or fact.field == "rows":
            if fact.number == figure.value:
                return Match((fact,), "", fact.number)
        elif fact.signed and fact.family != fact.path:
            families.setdefault(f"{fact.call}:{fact.family}", []).append(fact)
    for rows in families.values():
        for name, some in (
            ("above", [row for row in rows if row.number > 0]),
            ("below", [row for row in rows if row.number < 0]),
        ):
            if len(some) == figure.value:
                operation = f"count of {rows[0].family} {name} zero"
                return Match(tuple(some[:20]), operation, Decimal(len(some)))
    return None
