"""A figure in the words a tool told it in: what is copied stands on what it was copied from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tio.engine.analyst.grounding import dates
from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.spelling import NUMBER
from tio.engine.analyst.grounding.verdicts import Match

AS_TOLD = "as told"
Key = tuple[str, ...]
_WORD = re.compile(r"\S+")
_JOINED = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_EDGES = ".,;:!?()[]{}*_\"'’“”`|#>•"
_ENDS = (".", ";", ":", "!", "?")
_BEGIN = "^"


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    begins: bool
    """Whether a clause begins with it."""


def phrases(texts: Iterable[tuple[str, Fact]]) -> dict[Key, list[tuple[str, Fact]]]:
    """Every figure of texts with two words before it, or where it begins a clause two after it."""
    found: dict[Key, list[tuple[str, Fact]]] = {}
    for text, fact in texts:
        words = _words(text)
        spans = {(one.start(), one.end()) for one in NUMBER.finditer(_plain(text))}
        spans |= {(one.start, one.end) for one in dates.dates(_plain(text))}
        for start, end in spans:
            if key := _key(words, start, end):
                found.setdefault(key, []).append((text, fact))
    return found


def copied(context: Context, figure: Figure) -> Match | None:
    """The text that tells a figure in the very words of the sentence; None when none does."""
    if figure.form is Form.symbol or not context.evidence.phrases:
        return None
    key = _key(_words(context.sentence.text), figure.start, figure.end)
    whom = context.symbols(figure)
    for text, fact in context.evidence.phrases.get(key, ()):
        about = _about(context, text, fact)
        if whom and about and not set(whom) & set(about):
            continue
        own = not whom or len(set(about)) < 2 or any(_is_of(word, whom) for word in key)
        if own or about == tuple(one.symbol for one in context.sentence.mentions):
            return Match((fact,), AS_TOLD)
    return None


def _about(context: Context, text: str, fact: Fact) -> tuple[str, ...]:
    """The symbols a text is about, in its order."""
    if fact.symbol:
        return (fact.symbol,)
    evidence = context.evidence
    return tuple(evidence.symbol_of(one.group()) for one in evidence.mentions.finditer(text))


def _is_of(word: str, whom: tuple[str, ...]) -> bool:
    return any(word in (symbol.lower(), symbol.lower().partition(":")[2]) for symbol in whom)


def _plain(text: str) -> str:
    """The same length, with a plain minus."""
    return text.replace("−", "-")


def _words(text: str) -> list[_Word]:
    return list(_split(_plain(text)))


def _split(text: str) -> Iterator[_Word]:
    begins = True
    # A space that groups thousands is part of its number.
    kept = _JOINED.sub("_", text)
    for one in _WORD.finditer(kept):
        bare = one.group().replace("_", " ").strip(_EDGES)
        if bare and bare not in "-–—":
            yield _Word(one.start(), one.end(), bare.lower(), begins)
            begins = False
        begins = begins or one.group().endswith(_ENDS)


def _key(words: list[_Word], start: int, end: int) -> Key:
    """What tells a figure from others like it; () where nothing does."""
    inside = [n for n, word in enumerate(words) if word.start < end and start < word.end]
    if not inside:
        return ()
    first, last = inside[0], inside[-1]
    said = tuple(words[n].text for n in inside)
    if words[first].begins:
        after = tuple(word.text for word in words[last + 1 : last + 3] if not word.begins)
        return (_BEGIN, *said, *after) if len(after) == 2 else ()
    before = words[first - 1]
    earlier = _BEGIN if before.begins else words[first - 2].text
    return (earlier, before.text, *said)
