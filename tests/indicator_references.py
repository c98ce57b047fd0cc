"""What other programs and worked sheets answered on recorded bars, beside what we answer."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import StringIO

import numpy as np

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec, Value
from tio.engine.store.columns import Columns

from recorded import path, read_text

EQUAL = 1e-9
_PRICES = ("open", "high", "low", "close", "volume")
Table = Mapping[str, list[str]]


@dataclass(frozen=True)
class Reference:
    """One answer of another: which of its columns is which of our outputs."""

    source: str
    file: str
    name: str
    columns: Mapping[str, str]
    params: Mapping[str, Value] = field(default_factory=dict)
    scale: float = 1.0
    """Ours times this is theirs."""
    late: int = 0
    """How many bars later ours is told than theirs is written."""

    @property
    def sheet(self) -> str:
        """Which of the source's sheets it is: its file, its case or the call it is told of."""
        if self.file.startswith("Bars."):
            return self.file.removeprefix("Bars.")
        if self.source in ("Tulip", "cinar"):
            return self.file.removesuffix(".csv")
        return self.file.rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True)
class Difference:
    """Why ours is not theirs everywhere, and how far apart they may be."""

    why: str
    after: int = 0
    """Bars left out at the start, where seeds differ and fade."""
    limit: float = 0.0
    """The largest relative difference that is explained so; 0 keeps the rule."""


@dataclass(frozen=True)
class Compared:
    reference: Reference
    output: str
    values: int
    relative: float
    """The largest relative difference."""
    within_print: bool
    """Whether every difference is below half of the last digit printed there."""

    @property
    def equal(self) -> bool:
        return self.relative <= EQUAL or self.within_print


def compared(reference: Reference, after: int = 0) -> Iterator[Compared]:
    """Ours beside theirs, for each output named, from the bar `after` on."""
    bars, answers, against = loaded(reference)
    ours = compute(bars, Spec(reference.name, reference.params), against=against)
    for output, column in reference.columns.items():
        mine = ours[output][after + reference.late :] * reference.scale
        yield beside(reference, output, mine, answers[column][after : after + len(mine)])


def beside(reference: Reference, output: str, ours: Floats, texts: list[str]) -> Compared:
    """Relative to each value, or to a millionth of the largest where one is nearly zero."""
    theirs = np.array([_number(text) for text in texts])
    known = ~np.isnan(ours) & ~np.isnan(theirs)
    off, size = np.abs(ours - theirs)[known], np.abs(theirs[known])
    relative = off / np.maximum(size, 1e-6 * size.max(initial=1e-9))
    printed = _printed([text for text, given in zip(texts, known, strict=True) if given], size)
    return Compared(
        reference,
        output,
        int(known.sum()),
        float(relative.max(initial=0.0)),
        bool((off <= printed * 0.5000001 + EQUAL * size).all()),
    )


def _printed(texts: list[str], size: Floats) -> Floats:
    """The worth of each value's last printed digit: of its decimals, or of its significant ones."""
    decimals = max(map(_decimals, texts), default=0)
    digits = max((len(_mantissa(text)) for text in texts), default=0)
    lowest = np.full(len(texts), float(10.0**-decimals))
    if digits > 10 or not len(texts):
        return lowest
    order = np.floor(np.log10(np.maximum(size, 1e-300))) + 1 - digits
    return np.asarray(np.maximum(lowest, np.power(10.0, order)))


def _mantissa(text: str) -> str:
    return text.lower().partition("e")[0].replace(".", "").lstrip("-+0")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _decimals(text: str) -> int:
    """How many digits behind the point a number was printed with."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def loaded(reference: Reference) -> tuple[Columns, Table, Floats | None]:
    """The bars a reference was made of, its answers by column, and the other instrument."""
    if reference.name == "beta":
        return quotes("compare"), _table(f"stock_indicators/{reference.file}"), _default()
    if reference.file.startswith("Bars."):
        return quotes("default"), _spots(reference.file), None
    if reference.source == "StockIndicators":
        return quotes("default"), _table(f"stock_indicators/{reference.file}"), _other()
    if reference.source == "Tulip":
        return _tulip(reference.file)
    if reference.source == "cinar":
        sheets = json.loads(read_text("7_indicators/cinar_indicator.shared.json.gz"))
        table = _parsed(sheets[reference.file])
        return _bars(table), table, None
    table = _table(reference.file)
    return _bars(table), table, None


@cache
def quotes(which: str) -> Columns:
    suffix = "csv" if which == "default" else "csv.gz"
    return _bars(_table(f"stock_indicators/quotes_{which}.{suffix}"))


def _other() -> Floats:
    return quotes("compare").close


def _default() -> Floats:
    return quotes("default").close


def _spots(call: str) -> Table:
    """The values a call is told to answer at single bars of the default history."""
    rows = csv.DictReader(
        StringIO(read_text("7_indicators/stock_indicators/spot_values.shared.csv.gz"))
    )
    table: dict[str, list[str]] = {}
    for row in rows:
        if row["call"] == call:
            column = table.setdefault(row["field"], [""] * len(quotes("default")))
            column[int(row["row_index"])] = row["expected(blank=null)"]
    return table


@cache
def _table(file: str) -> Table:
    found = path(f"7_indicators/{file}")
    opener = gzip.open if found.suffix == ".gz" else open
    with opener(found, "rt", encoding="utf-8-sig") as text:
        return _parsed(text.read())


def _parsed(text: str) -> Table:
    rows = [row for row in csv.reader(StringIO(text)) if row]
    names = [name.strip() for name in rows[0]]
    filled = [row + [""] * (len(names) - len(row)) for row in rows[1:]]
    return {name: [row[at].strip() for row in filled] for at, name in enumerate(names)}


def _bars(table: Table) -> Columns:
    """Daily bars of a table; a price it does not have is its close, its volume 1."""
    lower = {name.lower(): column for name, column in table.items()}
    any_price = next(lower[each] for each in ("close", "high", "volume") if each in lower)
    columns = []
    for name in _PRICES:
        column = lower.get(name, any_price if name != "volume" else ["1"] * len(any_price))
        columns.append(np.array([_number(text) for text in column]))
    days = np.arange(len(any_price)) * 86_400_000_000
    stamps = lower.get("date", [""])
    if len(stamps[0]) == 10 and stamps[0][4] == "-":
        days = np.array(stamps, dtype="datetime64[us]").astype(np.int64)
    return Columns.of(days, *columns)


def _tulip(file: str) -> tuple[Columns, Table, None]:
    """`folder/number`: one of its cases; answers are aligned with the last bar."""
    name, _, number = file.partition("/")
    case = json.loads(read_text(f"7_indicators/tulip/{name}.shared.json.gz"))[int(number)]
    inputs = {key.partition(":")[2]: list(map(str, each)) for key, each in case["inputs"].items()}
    if "real" in inputs:
        inputs["close"] = inputs.pop("real")
    bars = _bars(inputs)
    answers = {
        key: [""] * (len(bars) - len(values)) + list(map(str, values))
        for key, values in case["outputs"].items()
    }
    return bars, answers, None
