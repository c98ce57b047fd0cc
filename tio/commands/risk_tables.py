"""How correlations and sizes are read from options, and print."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import TYPE_CHECKING

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.risk import (
    CorrelationMatrix,
    CorrelationMethod,
    Edge,
    GetCorrelation,
    SizedPosition,
    SizePosition,
    SizingMethod,
)
from tio.api.series import moment
from tio.commands.bar_tables import adjustment_of, timeframe_of
from tio.commands.printing import print_csv, print_table, say
from tio.draw.correlation_words import summary, when
from tio.draw.matrix_map import figure, matrix_map

if TYPE_CHECKING:
    from tio.commands.chart_print import Paper

SPARK = 40


@dataclass(frozen=True, slots=True)
class Record:
    """A record of trades as options tell it."""

    win_rate: str
    payoff: str
    trades: int
    results: str
    confidence: float


def correlation_request(
    symbols: Sequence[str], timeframe: str, window: int, method: str, rolling: int, adjusted: str
) -> GetCorrelation:
    """The word the options mean; Invalid."""
    try:
        how = CorrelationMethod(method)
    except ValueError:
        known = " ".join(CorrelationMethod)
        raise Invalid(f"there is no method {clean(method)[:20]!r}", f"one of {known}") from None
    return GetCorrelation(
        tuple(symbols), timeframe_of(timeframe), window, how, rolling, adjustment_of(adjusted)
    )


def size_request(
    decimals: Mapping[str, str], record: Record, method: str, risk: str, *, short: bool
) -> SizePosition:
    """The word the options mean, `decimals` by the names of its fields; Invalid."""
    try:
        how = SizingMethod(method)
    except ValueError:
        known = " ".join(SizingMethod)
        raise Invalid(f"there is no method {clean(method)[:20]!r}", f"one of {known}") from None
    figures = {name: _decimal(name, text) for name, text in decimals.items() if text}
    if risk.endswith("%"):
        figures["risk_percent"] = _decimal("risk", risk[:-1])
    elif risk:
        figures["risk"] = _decimal("risk", risk)
    fields = {
        **figures,
        "method": how,
        "short": short,
        "confidence": record.confidence,
        "win_rate": _share(record.win_rate) if record.win_rate else None,
        "payoff": _number("payoff", record.payoff) if record.payoff else None,
        "trades": record.trades or None,
        "results": tuple(_number("results", each) for each in record.results.split(",") if each),
    }
    return msgspec.convert(fields, SizePosition)


def print_correlation(found: CorrelationMatrix, paper: "Paper") -> None:
    """A map of the matrix, like beside like; on a pipe a plain table."""
    names = [found.symbols[n] for n in found.order]
    values = [[found.values[i][j] for j in found.order] for i in found.order]
    if sys.stdout.isatty() or paper.colour:
        from tio.commands.chart_print import put_canvas

        put_canvas(matrix_map(names, values, paper.width), paper, "")
    else:
        rows = [
            [name, *("1" if i == j else figure(each) for j, each in enumerate(row))]
            for i, (name, row) in enumerate(zip(names, values, strict=True))
        ]
        print_table(("SYMBOL", *names), rows, right=names)
    print(summary(found))
    if found.rolling is not None:
        _print_rolling(found)
    for note in found.notes:
        say(note)


def print_correlation_csv(found: CorrelationMatrix) -> None:
    """The matrix as it was asked for, or with a rolling window that by time."""
    if found.rolling is not None:
        rolled = zip(found.rolling.time.listed(), found.rolling.values.listed(), strict=True)
        print_csv(("time", "correlation"), list(rolled))
        return
    rows = [(name, *row) for name, row in zip(found.symbols, found.values, strict=True)]
    print_csv(("symbol", *found.symbols), rows)


def print_size(found: SizedPosition, *, csv: bool = False) -> None:
    """One line a figure."""
    if csv:
        names = [name for name in found.__struct_fields__ if name not in ("edge", "notes")]
        print_csv(names, [[getattr(found, name) for name in names]])
        return
    rows = [
        ["quantity", f"{found.quantity:,f}", f"limited by {found.limited_by}".replace("_", " ")],
        ["value", _money(found.value), _percent(found.share)],
    ]
    if found.risk is not None and found.risk_share is not None:
        rows.append(["risk (1 R)", _money(found.risk), _percent(found.risk_share)])
    if found.unit_risk is not None:
        rows.append(["risk a unit", _money(found.unit_risk), ""])
    if found.gap_risk is not None:
        rows.append(
            ["after a gap", _money(found.gap_risk), "one average true range beyond the stop"]
        )
    if found.edge is not None:
        rows += _edge_rows(found.edge)
    print_table(("", "FIGURE", ""), rows, right=("FIGURE",))
    for note in found.notes:
        say(note)


def _edge_rows(edge: Edge) -> list[list[str]]:
    sure = f"at least, with {edge.confidence:.0%} confidence"
    return [
        ["edge a trade", f"{edge.mean:+.3f} R", f"of {edge.trades:,} trades"],
        ["", f"{edge.low:+.3f} R", sure],
        ["Kelly", f"{edge.fraction:.2%}", "of equity to risk, on what is sure"],
    ]


def _print_rolling(found: CorrelationMatrix) -> None:
    import numpy as np

    from tio.draw.sparkline import sparkline

    rolled = found.rolling
    if rolled is None:
        return
    values = [value for value in rolled.values if isfinite(value)]
    if not values:
        say(f"no {rolled.window} returns in a row are known of both")
        return
    first = when(moment(rolled.time[0]), found)
    print(
        f"rolling {rolled.window} {sparkline(np.array(values), SPARK).strip()}"
        f" from {figure(values[0])} ({first}) to {figure(values[-1])},"
        f" {figure(min(values))} at least, {figure(max(values))} at most"
    )


def _decimal(name: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        shown = clean(text)[:40]
        raise Invalid(f"--{name.replace('_', '-')} {shown!r} is no number", "as 1250.50") from None


def _number(name: str, text: str) -> float:
    return float(_decimal(name, text.strip()))


def _share(text: str) -> float:
    """`55%` or `0.55`."""
    if text.endswith("%"):
        return float(_decimal("win_rate", text[:-1]) / 100)
    return _number("win_rate", text)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}" if abs(amount) >= 1 or not amount else f"{amount:,f}"


def _percent(share: Decimal) -> str:
    return f"{share:.2%} of equity"
