"""The sections of a journal's review: what a trade brought, by what, what cost most, plans kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.grounding import CitedFact
from tio.api.journal import By, Expectancy, GetExpectancy, ListTrades, Trade
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.money import change, money
from tio.engine.analyst.rules.scope import Answers, Part, Section, cite, line, number
from tio.engine.analyst.rules.tables import UNTOLD, Row, signed, table

MOST = 2_000
GROUPED = (By.setup, By.hour, By.weekday, By.symbol, By.side)
_TITLES = {
    By.setup: "setup",
    By.hour: "hour of opening",
    By.weekday: "weekday",
    By.symbol: "symbol",
    By.side: "side",
}


@dataclass(frozen=True)
class Journal:
    """One portfolio's trades, opened between two dates where those are told."""

    name: str
    now: datetime
    start: date | None = None
    end: date | None = None

    def by(self, group: By) -> GetExpectancy:
        return GetExpectancy(self.name, group, self.start, self.end)

    def trades(self) -> ListTrades:
        """Those closed, and those still open of which a part is."""
        return ListTrades(
            self.name, start=self.start, end=self.end, open=False, excursions=False, limit=MOST
        )


def asks(scope: Journal) -> tuple[Request[Any], ...]:
    return (scope.by(By.setup),)


def asks_by(group: By) -> Callable[[Journal], tuple[Request[Any], ...]]:
    return lambda scope: (scope.by(group),)


def all_asks(scope: Journal) -> tuple[Request[Any], ...]:
    return tuple(scope.by(each) for each in GROUPED)


def trade_asks(scope: Journal) -> tuple[Request[Any], ...]:
    return (scope.by(By.setup), scope.trades())


def expectancy(scope: Journal, answers: Answers) -> Part:
    """What a trade brought on average, and whether that could be chance."""
    request = scope.by(By.setup)
    report = answers.of(request)
    found = report.all
    if found is None:
        none = "No trade is closed yet."
        open_ = f" {report.open} are open." if report.open else ""
        return Part(lines=(line(none + open_),), known=0, samples=(0,))
    figures = _figures(request, found, report.currency)
    text = (
        f"{counted(found.trades)}: {number(100 * found.win_rate, 0)} % won "
        f"({number(100 * found.win_rate_low, 0)} to {number(100 * found.win_rate_high, 0)} %), "
        f"{change(found.gain)} {report.currency} in all."
    )
    mean = mean_told(found, report.currency)
    lines = [line(text, *figures), line(f"A{mean[1:]}", *figures[-3:])]
    if found.mean_r is not None:
        within = ""
        if found.mean_r_low is not None and found.mean_r_high is not None:
            within = f" ({signed(found.mean_r_low, 2)} to {signed(found.mean_r_high, 2)})"
        text = f"In planned risks {signed(found.mean_r, 2)} R a trade{within}, of {found.with_r}."
        told = {"mean_r": found.mean_r, "mean_r_low": found.mean_r_low}
        told |= {"mean_r_high": found.mean_r_high}
        cited = [cite(request, f"all.{n}", v, "R") for n, v in told.items() if v is not None]
        cited.append(cite(request, "all.with_r", found.with_r, "count"))
        lines.append(line(text, *cited))
    if found.payoff is not None:
        text = f"A mean win is {number(found.payoff)} times a mean loss"
        cited = [cite(request, "all.payoff", found.payoff, "ratio")]
        if found.profit_factor is not None:
            text += f"; wins are {number(found.profit_factor)} times losses"
            cited.append(cite(request, "all.profit_factor", found.profit_factor, "ratio"))
        lines.append(line(f"{text}.", *cited))
    if report.marked:
        lagging = cite(request, "marked", report.marked, "count")
        lines.append(line(f"{report.marked} filled on lagging data and are not counted.", lagging))
    return Part(lines=tuple(lines), samples=(found.trades,))


def counted(trades: int) -> str:
    few = f" (too few to tell: fewer than {th.FEW_TRADES})" if trades < th.FEW_TRADES else ""
    return f"{trades} closed {'trade' if trades == 1 else 'trades'}{few}"


def mean_told(found: Expectancy, unit: str) -> str:
    """The mean with its interval, and what that proves."""
    within = ""
    if found.mean_low is not None and found.mean_high is not None:
        within = (
            f" (95 %: {change(round(found.mean_low, 2))} to {change(round(found.mean_high, 2))})"
        )
    return (
        f"a trade brought {change(round(found.mean, 2))} {unit} on average{within}: {says(found)}."
    )


def says(found: Expectancy) -> str:
    """What a group's figures prove, in two words."""
    if found.trades < th.FEW_TRADES:
        return "too few"
    if not found.enough:
        return "unproven"
    return "it gains" if found.mean > 0 else "it loses"


def _figures(request: GetExpectancy, found: Expectancy, unit: str) -> list[CitedFact]:
    group = found.group or "all"
    told = {
        "trades": (found.trades, "count"),
        "win_rate": (found.win_rate, "fraction"),
        "win_rate_low": (found.win_rate_low, "fraction"),
        "win_rate_high": (found.win_rate_high, "fraction"),
        "gain": (found.gain, unit),
        "mean": (found.mean, unit),
        "mean_low": (found.mean_low, unit),
        "mean_high": (found.mean_high, unit),
    }
    return [
        cite(request, f"{group}.{name}", value, unit_)
        for name, (value, unit_) in told.items()
        if value is not None
    ]


def grouped(group: By) -> Callable[[Journal, Answers], Part]:
    """A section that tells each group's trades in a row."""

    def write(scope: Journal, answers: Answers) -> Part:
        request = scope.by(group)
        report = answers.of(request)
        if not report.groups:
            return Part(lines=(line("No trade is closed yet."),), known=0)
        rows: list[Row] = []
        for each in report.groups[: th.ROWS]:
            low = UNTOLD if each.mean_low is None else change(round(each.mean_low, 2))
            high = UNTOLD if each.mean_high is None else change(round(each.mean_high, 2))
            cells = (
                (each.group or "none")[:16],
                str(each.trades),
                number(100 * each.win_rate, 0),
                change(round(each.mean, 2)),
                low,
                high,
                says(each),
            )
            rows.append((cells, _figures(request, each, report.currency)))
        header = (group.value.upper(), "N", "WON %", "MEAN", "LOW", "HIGH", "SAYS")
        lines = [*table(header, rows, (header[0], "SAYS"))]
        if left := len(report.groups) - len(rows):
            lines.append(line(f"{left} smaller groups are not shown."))
        return Part(lines=tuple(lines))

    return write


def costs(scope: Journal, answers: Answers) -> Part:
    """The groups and the trades that lost most; of many groups some lose by chance."""
    found = [
        (request, each, answers.of(request).currency)
        for request in (scope.by(group) for group in GROUPED)
        for each in answers.of(request).groups
    ]
    if not found:
        return Part(lines=(line("No trade is closed yet."),), known=0)
    losing = sorted((each for each in found if each[1].gain < 0), key=lambda each: each[1].gain)
    lines = []
    for request, each, unit in losing[: th.BEST]:
        kind = _TITLES[request.by]
        text = (
            f"By {kind}, {each.group or 'none'} cost most: {change(each.gain)} {unit} in "
            f"{each.trades} {'trade' if each.trades == 1 else 'trades'} ({says(each)})."
        )
        lines.append(line(text, *_figures(request, each, unit)))
    if not losing:
        lines.append(line("No group lost money."))
    if len(found) > 1:
        chance = round(len(found) * 0.05)
        cited = cite(scope.by(By.setup), "groups", len(found), "count")
        if chance:
            text = f"Of {len(found)} groups about {chance} would look proven by chance alone."
            lines.append(line(text, cited))
    return Part(lines=tuple(lines), known=1)


def plans(scope: Journal, answers: Answers) -> Part:
    """Trades without a stop, losses beyond the plan, losers held longer than winners."""
    request = scope.trades()
    closed = [
        each
        for each in answers.of(request)
        if not each.marked and each.closed_at is not None and not each.left
    ]
    if not closed:
        return Part(lines=(line("No trade is closed yet."),), known=0)
    lines = [*_unplanned(request, closed), *_beyond(request, closed), *_held(request, closed)]
    lines.append(_worst(request, closed))
    planned = sum(each.r is not None for each in closed)
    return Part(lines=tuple(lines), known=planned, wanted=len(closed), samples=(len(closed),))


def _unplanned(request: ListTrades, closed: Sequence[Trade]) -> list[ReportLine]:
    bare = [each for each in closed if each.stop is None]
    if not bare:
        return [line("Every trade had a planned stop.")]
    gain = sum((each.gain for each in bare), Decimal(0))
    text = (
        f"{len(bare)} of {len(closed)} had no planned stop; together they brought "
        f"{change(gain)} {bare[0].base}."
    )
    figures = (
        cite(request, "without_stop", len(bare), "count"),
        cite(request, "trades", len(closed), "count"),
        cite(request, "without_stop.gain", gain, bare[0].base),
    )
    return [line(text, *figures)]


def _beyond(request: ListTrades, closed: Sequence[Trade]) -> list[ReportLine]:
    """Losses larger than the planned risk, the largest first."""
    beyond = [(each.r, each) for each in closed if each.r is not None and each.r <= th.BEYOND_PLAN]
    beyond.sort(key=lambda pair: pair[0])
    lines = []
    for r, each in beyond[: th.BEST]:
        text = (
            f"{each.symbol} of {each.opened_at:%Y-%m-%d} lost {number(-r)} R, more than planned: "
            f"{change(each.gain)} {each.base}."
        )
        figures = (
            cite(request, f"{each.id}.r", r, "R", as_of=each.closed_at),
            cite(request, f"{each.id}.gain", each.gain, each.base, as_of=each.closed_at),
        )
        lines.append(line(text, *figures))
    if any(each.r is not None for each in closed) and not beyond:
        lines.append(line("No planned trade lost more than its plan allowed."))
    return lines


def _held(request: ListTrades, closed: Sequence[Trade]) -> list[ReportLine]:
    """How long winners and losers were held; None below a handful of each."""

    def hours(trades: Sequence[Trade]) -> float:
        spans = [
            (each.closed_at - each.opened_at).total_seconds() / 3_600
            for each in trades
            if each.closed_at is not None
        ]
        return median(spans)

    won = [each for each in closed if each.gain > 0]
    lost = [each for each in closed if each.gain < 0]
    if min(len(won), len(lost)) < th.HANDFUL:
        return []
    winners, losers = hours(won), hours(lost)
    longer = ": losers are kept, winners cut" if losers > th.KEPT * winners else ""
    text = (
        f"Winners were held {span(winners)} (n {len(won)}), losers {span(losers)} "
        f"(n {len(lost)}), by the median{longer}."
    )
    figures = (
        cite(request, "winners.hours", round(winners, 2), "hours"),
        cite(request, "losers.hours", round(losers, 2), "hours"),
        cite(request, "winners", len(won), "count"),
        cite(request, "losers", len(lost), "count"),
    )
    return [line(text, *figures)]


def span(hours: float) -> str:
    return f"{number(hours, 1)} hours" if hours < 48 else f"{number(hours / 24, 1)} days"


def _worst(request: ListTrades, closed: Sequence[Trade]) -> ReportLine:
    """What part of all losses the largest few are."""
    losses = sorted(each.gain for each in closed if each.gain < 0)
    if not losses:
        return line("No closed trade lost money.")
    few = sum(losses[: th.BEST], Decimal(0))
    part = 100.0 * float(few / sum(losses))
    count = min(len(losses), th.BEST)
    unit = closed[0].base
    text = (
        f"The largest {count} of {len(losses)} losses are {number(part, 0)} % of all that was "
        f"lost: {money(-few)} {unit}."
    )
    figures = (
        cite(request, "losses", len(losses), "count"),
        cite(request, "largest_losses", few, unit),
        cite(request, "largest_losses.share", part, "percent"),
        cite(request, "largest_losses.count", count, "count"),
    )
    return line(text, *figures)


_WORD = ("GetExpectancy",)
SECTIONS: tuple[Section[Journal], ...] = (
    Section("expectancy", "Expectancy", _WORD, asks, expectancy),
    *(
        Section(
            f"by_{group}",
            f"By {_TITLES[group]}",
            _WORD,
            asks_by(group),
            grouped(group),
            aligned=True,
        )
        for group in (By.setup, By.hour, By.weekday)
    ),
    Section("costs", "What costs most", _WORD, all_asks, costs),
    Section("plans", "Against the plan", ("GetExpectancy", "ListTrades"), trade_asks, plans),
)
