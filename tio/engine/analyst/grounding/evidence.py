"""All that the tools of a chat told, so laid out that a figure finds its fact fast."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import msgspec
import numpy as np

from tio.api.market import Timeframe
from tio.engine.analyst.grounding.facts import Column, Fact, Floats, ToolResult
from tio.engine.analyst.grounding.fields import Kind, said
from tio.engine.analyst.grounding.reading import read

Phrases = dict[tuple[str, ...], list[tuple[str, Fact]]]
_SUFFIX = re.compile(
    r",? (?:inc(?:orporated)?|corp(?:oration)?|co(?:mpany)?|plc|ag|se|sa|nv|n\.v|ltd|limited|group"
    r"|holdings?|platforms|usd|trust|etf)\b\.?$|\.com$|^the ",
    re.IGNORECASE,
)

NO_NAMES = frozenset("at to in on of for by from start end time name rows key order".split())
"""Fields whose names are words of any sentence."""


@dataclass(frozen=True)
class Pool:
    """Facts side by side, with what each says as a plain number and as a percentage (or NaN)."""

    facts: tuple[Fact, ...]

    @cached_property
    def plain(self) -> Floats:
        return np.array([_plain(fact) for fact in self.facts], np.float64)

    @cached_property
    def percent(self) -> Floats:
        return np.array([_percent(fact) for fact in self.facts], np.float64)

    @cached_property
    def days(self) -> dict[date, Fact]:
        return {day: fact for fact in reversed(self.facts) if (day := fact.day) is not None}

    def near(self, low: float, high: float, percent: bool) -> list[Fact]:
        """The facts whose magnitude lies in [low, high]."""
        values = np.abs(self.percent if percent else self.plain)
        with np.errstate(invalid="ignore"):
            return [self.facts[i] for i in np.flatnonzero((values >= low) & (values <= high))]

    def nearest(self, value: float, percent: bool) -> Fact | None:
        """The fact closest in magnitude; None when none has a number."""
        if not self.facts:
            return None
        away = np.abs(np.abs(self.percent if percent else self.plain) - value)
        if np.isnan(away).all():
            return None
        return self.facts[int(np.nanargmin(away))]


def shown(fact: Fact, percent: bool) -> Decimal:
    """A fact's number as a sentence would say it: a fraction told in percent times 100."""
    return fact.number * 100 if percent and not _in_percent(fact) else fact.number


class Evidence:
    """Facts and series of every tool result of one chat, by symbol; grows by `add`."""

    def __init__(
        self, results: Iterable[ToolResult] = (), known: Mapping[str, str] | None = None
    ) -> None:
        self.facts: list[Fact] = []
        self.columns: list[Column] = []
        self.names: dict[str, str] = {name.lower(): to for name, to in (known or {}).items()}
        self.terms: set[str] = set()
        self.parameters: set[Decimal] = set()
        self.spans: dict[str, float] = {}
        self._symbols: set[str] = set()
        self.newest: datetime | None = None
        self._pools: dict[tuple[str, ...], Pool] = {}
        self._series: dict[tuple[str, ...], tuple[Column, ...]] = {}
        self._mentions: re.Pattern[str] | None = None
        self._namings: dict[str, re.Pattern[str]] = {}
        self._texts: list[tuple[str, Fact]] = []
        self._phrases: Phrases | None = None
        self._short: dict[str, str] = {}
        self._called: set[str] = set()
        for result in results:
            self.add(result)

    def add(self, result: ToolResult) -> None:
        """Take in one more result; what was cached is made anew."""
        found = read(result)
        self.facts += found.facts
        self.columns += found.columns
        self.names |= found.names
        self._texts += found.texts
        self._phrases = None
        if (span := _span(result)) is not None:
            self.spans[result.id] = span
        self.terms |= found.terms
        self.parameters.update(_numbers(result.request))
        self.parameters |= {fact.number for fact in found.facts if "params[" in fact.path}
        for moment in (result.as_of, *(fact.as_of for fact in found.facts)):
            if moment is not None and (self.newest is None or moment > self.newest):
                self.newest = moment
        self._symbols = set()
        self._pools.clear()
        self._series.clear()
        self._mentions = None
        self._namings.clear()

    @property
    def symbols(self) -> set[str]:
        """The symbols told of."""
        if not self._symbols:
            self._symbols = self._told()
        return self._symbols

    def _told(self) -> set[str]:
        return {fact.symbol for fact in self.facts if fact.symbol}

    @property
    def phrases(self) -> "Phrases":
        """The figures of texts by the words they stand in; see `copied`."""
        if self._phrases is None:
            from tio.engine.analyst.grounding.copied import phrases

            self._phrases = phrases(self._texts)
        return self._phrases

    def pool(self, symbols: tuple[str, ...]) -> Pool:
        """The facts of these symbols and those of none; of all when `symbols` is empty."""
        if symbols not in self._pools:
            wanted = set(symbols)
            kept = (f for f in self.facts if not wanted or not f.symbol or f.symbol in wanted)
            self._pools[symbols] = Pool(tuple(kept))
        return self._pools[symbols]

    def series(self, symbols: tuple[str, ...]) -> tuple[Column, ...]:
        """The columns of these symbols and those of none; all when `symbols` is empty."""
        if symbols not in self._series:
            wanted = set(symbols)
            kept = (c for c in self.columns if not wanted or not c.symbol or c.symbol in wanted)
            self._series[symbols] = tuple(kept)
        return self._series[symbols]

    @property
    def namings(self) -> dict[str, re.Pattern[str]]:
        """Field → what a sentence names it with."""
        if not self._namings:
            names: dict[str, set[str]] = {}
            for fact in self.facts:
                if fact.kind is Kind.moment or fact.field in NO_NAMES:
                    continue
                one = names.setdefault(fact.field, {said(fact.field)})
                if fact.field in ("amount", "value") and "[" in fact.path:
                    one.add(re.escape(fact.path.rpartition("[")[0].rpartition(".")[2]))
            for column in self.columns:
                one = names.setdefault(column.field, {said(column.field)})
                one |= {re.escape(name.lower()) for name in column.names}
            self._namings = {
                field: re.compile(
                    rf"(?<![\w-])(?:{'|'.join(sorted(words, key=len, reverse=True))})(?![\w])",
                    re.IGNORECASE,
                )
                for field, words in names.items()
                if field and all(words)
            }
        return self._namings

    @property
    def mentions(self) -> re.Pattern[str]:
        """What a text may call a symbol by; see `symbol_of`."""
        if self._mentions is None:
            self._short = _spellings(self.names)
            self._called = {short for name in self.names for short in _shorter(name)}
            exact: list[str] = []
            loose: list[str] = []
            for text, symbol in self._short.items():
                (exact if text.upper() == symbol.upper() or len(text) < 5 else loose).append(text)
            parts = [re.escape(t.upper()) for t in sorted(exact, key=len, reverse=True)]
            # A company may be called as its symbol is: Meta, Visa. Shorter ones are common words.
            parts += [t.title() for t in exact if len(t) == 4 and t in self._called]
            wide = [re.escape(t) for t in sorted(loose, key=len, reverse=True)]
            either = "|".join([*(f"(?i:{t})" for t in wide), *parts]) or "(?!)"
            self._mentions = re.compile(
                rf"(?<![\w.]){either}(?![\w])".replace(either, f"(?:{either})")
            )
        return self._mentions

    def symbol_of(self, text: str) -> str:
        """The symbol a mention is of."""
        return self._short[text.lower()]


def _spellings(names: Mapping[str, str]) -> dict[str, str]:
    """Symbols, names, names without Inc., the base of a pair; what two share is nobody's."""
    found: dict[str, set[str]] = {}
    for name, symbol in names.items():
        found.setdefault(name, set()).add(symbol)
        for short in _shorter(name):
            found.setdefault(short, set()).add(symbol)
        base = re.split(r"[-/:=]", name)[0]
        if base != name and len(base) > 2 and " " not in name:
            found.setdefault(base, set()).add(symbol)
    taken = {name: next(iter(to)) for name, to in found.items() if len(to) == 1 and len(name) > 1}
    return taken | {name: symbol for name, symbol in names.items() if name == symbol.lower()}


def _shorter(name: str) -> Iterator[str]:
    """A name without Inc., without Group, and so on."""
    while (cut := _SUFFIX.sub("", name)) != name:
        name = cut
        if len(name) > 2:
            yield name.strip(" .,")


def _span(result: ToolResult) -> float | None:
    """The seconds a bar of a result lasts; None where it has no timeframe."""
    for told in (result.answer, result.request):
        timeframe = getattr(told, "timeframe", None)
        if isinstance(timeframe, Timeframe):
            return timeframe.step / 1e6
    return None


def _numbers(request: object) -> Iterable[Decimal]:
    if request is None:
        return
    plain = msgspec.to_builtins(request, enc_hook=lambda _: None)
    left = [plain]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left += item.values()
        elif isinstance(item, list | tuple):
            left += item
        elif isinstance(item, str):
            left += [int(number) for number in re.findall(r"(?<![\d.])\d{1,4}(?![\d.])", item)]
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield Decimal(repr(item))


def _in_percent(fact: Fact) -> bool:
    return fact.kind is Kind.percent and not fact.fraction


def _plain(fact: Fact) -> float:
    return float("nan") if _in_percent(fact) else float(fact.number)


def _percent(fact: Fact) -> float:
    if _in_percent(fact):
        return float(fact.number)
    if fact.fraction or (fact.kind is Kind.number and not fact.text):
        return float(fact.number * 100)
    return float("nan")
