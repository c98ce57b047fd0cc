"""Of whom a figure speaks, and which field it names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.fields import BY_NAME
from tio.engine.analyst.grounding.figures import Figure, Form

STRANGE = "?"
"""Begins a symbol no tool told of."""
_PREPOSITION = re.compile(r"\s?(?:[\w%]+\s){0,2}(?:for|in|of|on|by)\s(?:the\s|its\s)?\$?$")
_TOGETHER = re.compile(r"[\s,]*(?:and|&|or|und|plus|/|,|versus|vs\.?)[\s,]*\$?|[\s(]{1,2}\$?")
_COMPARED = re.compile(
    r"\b(?:than|versus|vs\.?|against|over|ahead of|behind|beat(?:s|ing)?|outperform(?:s|ed|ing)?"
    r"|underperform(?:s|ed|ing)?|lag(?:s|ged|ging)?|trail(?:s|ed|ing)?|from|relative to|with|to"
    r"|between|unlike|compared (?:with|to)|exceed(?:s|ed)?)\s(?:the\s|that of\s)?\$?$",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\W*(?:it|its|the (?:stock|shares?|company|coin|pair|price|name|fund|index)|shares)\b",
    re.IGNORECASE,
)
"""Begins a sentence about whom the last one told."""
_FORMER = re.compile(r"\bthe (?:(?P<first>former|first)|latter|second)\b", re.IGNORECASE)
_COUNTED_OF = re.compile(r"\s(?:shares?|units?|coins?|contracts?|lots?|stock)\b", re.IGNORECASE)
_BREAK = re.compile(r";\s|,\s(?:and|while|but|whereas)\s")
_BETWEEN = re.compile(r"[,;:.()|\d]|\b(?:and|or|while|but|whereas)\b")
_CLAUSE = re.compile(r"[;:—|]\s|,\s|\s[–-]\s|\s(?:and|while|but|with|whereas|against|after)\s")
CLAIM = re.compile(
    r"[\s*:=(]*(?:(?:of|is|was|at|stands|stood|now|reads|ratio|came|comes|to|a|about|around)\s)*"
    r"[$€£¥]?",
    re.IGNORECASE,
)
"""What may stand between a field's name and the figure said to be its value."""
_LISTED = re.compile(r",?\s(?:and|or|&)\s[$€£¥]?|,\s[$€£¥]?")
_AGAINST = re.compile(r"\s(?:against|versus|vs\.?|compared (?:with|to))\s[$€£¥]?")
NEAR = 6
"""A field named within so many words of a figure is the one it is of."""
LEVEL = re.compile(r"\b(?:to|at|near|around|from)\s(?:about\s|around\s)?[$€£¥]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A symbol named in a sentence; neighbours in a list ("A and B") share `group`."""

    start: int
    end: int
    symbol: str
    group: int = 0


@dataclass(frozen=True)
class Sentence:
    """One sentence, or one row of a table, with what it names; `topic`: whom the last one told."""

    text: str
    figures: tuple[Figure, ...]
    mentions: tuple[Mention, ...]
    topic: tuple[str, ...] = ()
    named: tuple[tuple[int, int, str], ...] = ()
    header: tuple[str, ...] = ()
    fixed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Figure's start → its symbols, where a table's column tells them."""

    def says(self, symbols: tuple[str, ...]) -> bool:
        """Whether this very sentence names one of the symbols, or its table does."""
        return bool(self.fixed) or any(one.symbol in symbols for one in self.mentions)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol named, in order; those of the topic where none is."""
        found = tuple(dict.fromkeys(mention.symbol for mention in self.mentions))
        return found or self.topic


def mentions_of(
    text: str, evidence: Evidence, unknown: Iterable[tuple[int, int, str]] = ()
) -> tuple[Mention, ...]:
    """The symbols a text names, in order; those of `unknown` begin with STRANGE."""
    spans = [
        (match.start(), match.end(), evidence.symbol_of(match.group()))
        for match in evidence.mentions.finditer(text)
        if match.end() - match.start() > 1 or _alone(text, match.start(), match.end())
    ]
    spans += [(start, end, STRANGE + name) for start, end, name in unknown]
    found: list[Mention] = []
    for start, end, symbol in sorted(spans):
        group = len(found)
        if found and _TOGETHER.fullmatch(text[found[-1].end : start]):
            group = found[-1].group
            if found[-1].symbol == symbol:
                found[-1] = replace(found[-1], end=end)
                continue
        found.append(Mention(start, end, symbol, group))
    return tuple(found)


def named_fields(text: str, evidence: Evidence) -> tuple[tuple[int, int, str], ...]:
    """Where a sentence names fields of the evidence; a name within a longer one is dropped."""
    spans = [
        (match.start(), match.end(), name)
        for name, pattern in evidence.namings.items()
        for match in pattern.finditer(text)
    ]
    return tuple(
        one
        for one in spans
        if not any(
            other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0]
            for other in spans
        )
    )


def subjects(sentence: Sentence, figure: Figure) -> tuple[str, ...]:
    """The symbols a figure may be of; empty when the text tells none."""
    if figure.start in sentence.fixed:
        return sentence.fixed[figure.start]
    text, mentions = sentence.text, sentence.mentions
    before = [one for one in mentions if one.end <= figure.start]
    after = [one for one in mentions if one.start >= figure.end]
    if after and _PREPOSITION.fullmatch(text[figure.end : after[0].start]):
        return _members(mentions, after[0])
    beside = after and text[figure.end : after[0].start] == " "
    if beside and _COUNTED_OF.match(text, after[0].end):
        return (after[0].symbol,)  # 15 MSFT shares
    if before and after and _own_clause(text, before[-1].end, figure, after[0].start):
        return _members(mentions, after[0])
    if before:
        return _of_preceding(sentence, figure, before)
    if sentence.topic and (PRONOUN.match(text) or not after):
        return sentence.topic
    if after:
        return _members(mentions, after[0])
    return sentence.topic


def _own_clause(text: str, before: int, figure: Figure, after: int) -> bool:
    """Whether a figure stands in one clause with the symbol after it, not with the one before."""
    if after - figure.end > 40 or _COMPARED.search(text[:after]):
        return False
    joint = text[figure.end : after]
    return bool(_BREAK.search(text[before : figure.start])) and not _BETWEEN.search(joint)


def _of_preceding(sentence: Sentence, figure: Figure, before: list[Mention]) -> tuple[str, ...]:
    last = before[-1]
    group = [one for one in sentence.mentions if one.group == last.group]
    if len(group) > 1:
        either = list(_FORMER.finditer(sentence.text, group[-1].end, figure.start))
        if either:
            return ((group[0] if either[-1]["first"] else group[-1]).symbol,)
        return _respectively(sentence, figure, group)
    head = sentence.text[: last.start]
    possessive = sentence.text[last.end : last.end + 2] in ("'s", "’s", " (")
    if len(before) > 1 and (told := _in_order(sentence, figure, before)):
        return told
    if len(before) > 1 and _COMPARED.search(head) and not possessive:
        order = _opposed(sentence, figure)
        if order is not None:
            return (before[-2 + order].symbol,)
        return tuple(dict.fromkeys((last.symbol, before[-2].symbol)))
    if len(before) == 1 and sentence.topic and _COMPARED.search(head) and not possessive:
        return tuple(dict.fromkeys((last.symbol, *sentence.topic)))
    return (last.symbol,)


def _in_order(sentence: Sentence, figure: Figure, before: list[Mention]) -> tuple[str, ...]:
    """The symbol of a figure out of as many at the end as symbols were named: `..., 5 and 7`."""
    symbols = tuple(dict.fromkeys(one.symbol for one in before))
    late = [one for one in sentence.figures if one.start >= before[-1].end]
    run = [one for one in late if _alike(one, figure)]
    if figure in run and len(run) > len(symbols):
        run = run[-len(symbols) :]
    if len(symbols) < 2 or len(run) != len(symbols) or figure not in run:
        return ()
    joints = [sentence.text[a.end : b.start] for a, b in pairwise(run)]
    if not all(_LISTED.fullmatch(joint) for joint in joints) or not joints[-1].strip("$€£¥ ,"):
        return ()
    return (symbols[run.index(figure)],)


def _opposed(sentence: Sentence, figure: Figure) -> int | None:
    """0 for the first, 1 for the second of two figures set against each other; else None."""
    at = sentence.figures.index(figure)
    for order, other in ((0, at + 1), (1, at - 1)):
        if 0 <= other < len(sentence.figures) and _alike(sentence.figures[other], figure):
            first, last = sorted((figure, sentence.figures[other]), key=lambda one: one.start)
            if _AGAINST.fullmatch(sentence.text[first.end : last.start]):
                return order
    return None


def _respectively(sentence: Sentence, figure: Figure, group: list[Mention]) -> tuple[str, ...]:
    symbols = tuple(dict.fromkeys(one.symbol for one in group))
    after = min(
        (one.start for one in sentence.mentions if one.start >= group[-1].end),
        default=len(sentence.text),
    )
    run = [
        one
        for one in sentence.figures
        if group[-1].end <= one.start < after and _alike(one, figure)
    ]
    if len(run) == len(symbols) and figure in run:
        return (symbols[run.index(figure)],)
    return symbols


def _alike(one: Figure, other: Figure) -> bool:
    amounts = (Form.plain, Form.money)
    return one.form is other.form or (one.form in amounts and other.form in amounts)


def _members(mentions: tuple[Mention, ...], one: Mention) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.symbol for each in mentions if each.group == one.group))


def _alone(text: str, start: int, end: int) -> bool:
    if text[start] in "AI":
        return text[start - 1 : start] in ("$", "(")
    return text[end : end + 2] not in (". ", ".")


def _of_another(sentence: Sentence, figure: Figure, start: int, end: int) -> bool:
    """Whether a name is of another figure: `95 % confidence`, `opening at 21.00 it touched`."""
    text = sentence.text
    return any(
        text[one.end : start] in (" ", "-", " (")
        if one.end < start
        else end <= one.start < figure.start and CLAIM.fullmatch(text[end : one.start])
        for one in sentence.figures
        if one is not figure
    )


def named_near(sentence: Sentence, figure: Figure) -> list[tuple[float, str]]:
    """Fields named for a figure, the nearest first, with how far away in words each stands.

    What stands before it in its clause counts nearest, then what follows at once.
    """
    scored: list[tuple[float, str]] = []
    away: float
    level = LEVEL.search(sentence.text[: figure.start]) is not None
    for start, end, name in sentence.named:
        if level and name in BY_NAME and BY_NAME[name].signed:
            continue
        if end <= figure.start:
            between = sentence.text[end : figure.start]
            away = len(between.split()) + 4 * len(_CLAUSE.findall(between))
        elif start >= figure.end:
            between = sentence.text[figure.end : start]
            away = len(between.split()) + 4 * len(_CLAUSE.findall(between)) + 2
            away = away if away <= 4 and not re.search(r"[,;.()]", between) else away + 5
        else:
            continue
        away += 3 * sum(figure.end <= one.start < start or end <= one.start < figure.start
                        for one in sentence.figures)  # fmt: skip
        if end <= figure.start and CLAIM.fullmatch(sentence.text[end : figure.start]):
            away = 0
        elif _of_another(sentence, figure, start, end):
            away += NEAR
        scored.append((away, name))
    return sorted(scored)
