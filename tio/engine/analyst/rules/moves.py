"""The sections of why a price moved: how far, with whom, on what volume, past what, on what day."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from tio.api.analyst import ReportLine
from tio.api.companies import EventKind, GetEvents, GetProfile
from tio.api.contract import Request
from tio.api.hours import DayKind, GetSessions
from tio.engine.analyst.rules import news, peers
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.days import daily, days_of
from tio.engine.analyst.rules.prices import swings
from tio.engine.analyst.rules.scope import (
    Answers,
    Note,
    Part,
    Scope,
    Section,
    cite,
    line,
    number,
    priced,
)
from tio.engine.analyst.rules.spans import Span, Stretch, span_of
from tio.engine.analyst.rules.tables import signed


@dataclass(frozen=True)
class Move:
    """One symbol and the days asked about; `candidates` may be its peers."""

    scope: Scope
    asked: Stretch
    candidates: tuple[Scope, ...] = ()

    def span(self, answers: Answers) -> Span:
        return span_of(days_of(self.scope, answers), self.asked)


def asks(scope: Move) -> tuple[Request[Any], ...]:
    return (scope.scope.days(),)


def peer_asks(scope: Move) -> tuple[Request[Any], ...]:
    return (scope.scope.days(), *daily(scope.candidates))


def event_asks(scope: Move) -> tuple[Request[Any], ...]:
    return (scope.scope.days(), GetEvents(scope.scope.symbol))


def profile_asks(scope: Move) -> tuple[Request[Any], ...]:
    return (scope.scope.days(), GetProfile(scope.scope.symbol))


def session_asks(scope: Move) -> tuple[Request[Any], ...]:
    """The days asked about with ten before them, which hold any usual pause."""
    last = min(scope.asked.end or scope.scope.now.date(), scope.scope.now.date())
    first = max((scope.asked.start or last) - timedelta(days=10), last - timedelta(days=365))
    return (scope.scope.days(), GetSessions(scope.scope.symbol, first, last))


def size(scope: Move, answers: Answers) -> Part:
    """The move in percent and daily ATR, and among as long ones of the year before."""
    span = scope.span(answers)
    figures = [
        span.days.cite("before", span.before, "price"),
        span.days.cite("price", span.price, "price"),
        span.days.cite("move", span.percent, "percent"),
    ]
    text = f"It {went(span)} {when(span)}, from {priced(span.before)} to {priced(span.price)}"
    if span.atrs is not None:
        text += f": {number(abs(span.atrs), 1)} daily ATR"
        figures.append(span.days.cite("move_by_atr", span.atrs, "ATR"))
    lines = [line(f"{text}.", *figures)]
    place, count = placed(span)
    if place is not None:
        what = "days" if span.length == 1 else f"stretches of {span.length} days"
        told = f"Larger than {place:.0f} % of the {count} {what} before, up or down."
        cited = (
            span.days.cite("percentile", place, "percentile"),
            span.days.cite("days_before", count, "count"),
            span.days.cite("days", span.length, "count"),
        )
        lines.append(line(told, *cited))
    else:
        lines.append(line("There are too few days before it to say how usual that is."))
    return Part(lines=tuple(lines), known=int(place is not None), samples=(count,))


def placed(span: Span) -> tuple[float | None, int]:
    """The percentile of the move's size among as long ones before it; None of fewer than 20."""
    windows = span.windows()
    if len(windows) < th.FEW_TRADES:
        return None, len(windows)
    return 100.0 * float(np.mean(np.abs(windows) < abs(span.log))), len(windows)


def went(span: Span) -> str:
    if not span.percent:
        return "did not move"
    return f"{'rose' if span.percent > 0 else 'fell'} {number(abs(span.percent), 2)} %"


def when(span: Span) -> str:
    if span.first == span.last:
        return f"on {span.first}{' so far' if span.live else ''}"
    return f"from {span.first} to {span.last}{' so far' if span.live else ''}"


def volume(scope: Move, answers: Answers) -> Part:
    """The volume a day by the mean of the 20 days before; a day that is not over so far."""
    span = scope.span(answers)
    days = span.days
    before = days.volume[max(0, span.begin - th.VOLUME_BARS) : span.begin]
    mean = float(np.mean(before)) if len(before) == th.VOLUME_BARS else float("nan")
    over = days.volume[span.begin : span.end]
    live = span.begin == span.end
    if live:
        quote = days.scope.quote
        told = None if quote is None else quote.volume
        traded = float("nan") if told is None else told
    else:
        traded = float(np.mean(over))
    if not np.isfinite([mean, traded]).all() or mean <= 0:
        return Part(lines=(line("The source tells no volume for all of these days."),), known=0)
    times = traded / mean
    figures = (
        days.cite("volume", traded, "count"),
        days.cite("volume_by_average", times, "ratio"),
    )
    if live:
        said = f"So far {number(times)} times the volume of an average day of the 20 before."
    else:
        name = "heavy" if times >= th.HEAVY else "thin" if times <= th.THIN else "ordinary"
        what = "Volume" if span.length == 1 else "Volume a day"
        said = f"{what} was {name}: {number(times)} times the average of the 20 days before."
    return Part(lines=(line(said, *figures),))


def course(scope: Move, answers: Answers) -> Part:
    """How much of it was the gap at the open; of several days the largest."""
    span = scope.span(answers)
    if span.length > 1:
        return Part(lines=(_largest(span),))
    opened = span.opened
    if opened is None:
        return Part(lines=(line("The opening price is not known."),), known=0)
    gap, rest = opened - span.before, span.price - opened
    figures = (
        span.days.cite("gap", gap, "price"),
        span.days.cite("since_open", rest, "price"),
    )
    whole = span.price - span.before
    atr = span.days.atr(span.begin)
    if atr is not None and abs(gap) >= th.GAPPED * atr:
        way = "higher" if gap > 0 else "lower"
        text = f"It opened {priced(abs(gap))} {way} than the close before ({signed(gap / atr)} ATR)"
        text += f", and moved {signed(rest, 2)} since."
    elif whole and abs(gap) > abs(rest):
        text = f"Most of it was at the open ({signed(gap, 2)}), little since ({signed(rest, 2)})."
    else:
        text = f"It came within the day ({signed(rest, 2)}), not at the open ({signed(gap, 2)})."
    return Part(lines=(line(text, *figures),))


def _largest(span: Span) -> ReportLine:
    """Which of several days moved most."""
    closes = np.concatenate(([span.before], span.days.close[span.begin : span.end]))
    if span.live:
        closes = np.append(closes, span.price)
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = 100.0 * (closes[1:] / closes[:-1] - 1)
    moves[~np.isfinite(moves)] = np.nan
    if np.all(np.isnan(moves)):
        return line("The closes of its days are not known.")
    at = int(np.nanargmax(np.abs(moves)))
    on = span.days.date_of(span.begin + at) if span.begin + at < span.end else span.last
    same = int(np.sum(np.sign(moves) == np.sign(span.percent)))
    text = (
        f"The largest day was {on}, {signed(float(moves[at]), 2)} %; "
        f"{same} of {span.length} days went the same way."
    )
    cited = span.days.cite("largest_day", float(moves[at]), "percent")
    days = span.days.cite("days", span.length, "count")
    return line(text, cited, span.days.cite("days_same_way", same, "count"), days)


def levels(scope: Move, answers: Answers) -> Part:
    """Levels of the days before that lie between where it began and ended."""
    span = scope.span(answers)
    found = [
        (name, at)
        for name, at in _before(span)
        if np.isfinite(at) and min(span.before, span.price) < at < max(span.before, span.price)
    ]
    way = "above" if span.percent > 0 else "below"
    lines = tuple(
        line(f"It went {way} the {name}, {priced(at)}.", span.days.cite(name, at, "price"))
        for name, at in found
    )
    return Part(lines=lines or (line("It passed no level that is told here."),))


def _before(span: Span) -> list[tuple[str, float]]:
    """High and low of 20 days and a year, the 50-day average and the swings, before the move."""
    days, end = span.days, span.begin
    found: list[tuple[str, float]] = []
    for name, length in ((f"{th.RANGE_DAYS}-day", th.RANGE_DAYS), ("52-week", days.a_year())):
        if end >= length:
            found.append((f"{name} high", float(np.max(days.high[end - length : end]))))
            found.append((f"{name} low", float(np.min(days.low[end - length : end]))))
    if end >= th.AVERAGE:
        mean = float(np.mean(days.close[end - th.AVERAGE : end]))
        found.append((f"{th.AVERAGE}-day average", mean))
    return found + swings(days.bars, end)


def events(scope: Move, answers: Answers) -> Part:
    """Ex-dates on its days; a dividend lowers the price by itself."""
    span = scope.span(answers)
    request = GetEvents(scope.scope.symbol)
    lines: list[ReportLine] = []
    notes: list[Note] = []
    for event in answers.of(request):
        if not span.first <= event.ex_date <= span.last:
            continue
        kind = event.kind.value.replace("_", " ")
        cited = [cite(request, event.kind.value, event.ex_date, "date", event.source)]
        text = f"Ex-date of a {kind} on {event.ex_date}"
        if event.amount is not None and event.kind is not EventKind.share_split:
            share = 100.0 * event.amount / span.before
            cited.append(cite(request, "amount", event.amount, event.currency, event.source))
            text += f", {number(event.amount)} {event.currency}: {number(share, 1)} % by itself"
        lines.append(line(f"{text}.", *cited))
        notes.append(Note(scope.scope.symbol, f"ex-date of a {kind}", 1.0, tuple(cited)))
    none = "No source tells a split or dividend on its days."
    return Part(lines=tuple(lines) or (line(none),), notes=tuple(notes))


def earnings(scope: Move, answers: Answers) -> Part:
    """Whether the next report that is told was on its days or the evening before."""
    span = scope.span(answers)
    request = GetProfile(scope.scope.symbol)
    profile = answers.of(request)
    told = profile.earnings_from
    none = "No source tells a report on its days; one that is over may not be told."
    if told is None or not span.first - timedelta(days=1) <= told.date() <= span.last:
        return Part(lines=(line(none),), known=0)
    source = profile.told_by.get("earnings_from", "")
    cited = cite(request, "earnings_from", told.date(), "date", source, profile.as_of)
    sure = " (estimated)" if profile.earnings_estimated else ""
    note = Note(scope.scope.symbol, f"earnings {told.date()}", 2.0, (cited,))
    return Part(lines=(line(f"Earnings {told.date()}{sure}.", cited),), notes=(note,))


def calendar(scope: Move, answers: Answers) -> Part:
    """Days without trading before it, and half days among its own."""
    span = scope.span(answers)
    request = session_asks(scope)[1]
    told = answers.of(request)
    lines: list[ReportLine] = []
    rest = [each for each in told if each.date < span.first]
    pause = []
    for each in reversed(rest):
        if each.spans:
            break
        pause.append(each)
    if len(pause) > 2 or any(each.kind is DayKind.holiday for each in pause):
        names = ", ".join(each.holiday for each in pause if each.holiday)
        named = f" ({names})" if names else ""
        cited = cite(request, "days_without_trading", len(pause), "count")
        lines.append(line(f"{len(pause)} days without trading came before it{named}.", cited))
    for each in told:
        if span.first <= each.date <= span.last and each.kind is DayKind.half:
            name = f", {each.holiday}" if each.holiday else ""
            lines.append(line(f"{each.date} was a half day{name}: little may move much."))
    return Part(lines=tuple(lines) or (line("Its days were ordinary ones of the calendar."),))


SECTIONS: tuple[Section[Move], ...] = (
    Section("size", "How far", ("GetBars",), asks, size, bounded=True),
    Section("market", "The market or itself", ("GetBars",), peer_asks, peers.write, bounded=True),
    Section("volume", "Volume", ("GetBars",), asks, volume, bounded=True),
    Section("course", "Gap or within the day", ("GetBars",), asks, course, bounded=True),
    Section("levels", "Levels passed", ("GetBars",), asks, levels, bounded=True),
    Section("events", "Splits and dividends", ("GetEvents", "GetBars"), event_asks, events, True),
    Section("earnings", "Earnings", ("GetProfile", "GetBars"), profile_asks, earnings),
    Section("calendar", "Calendar", ("GetSessions", "GetBars"), session_asks, calendar, True),
    Section("news", "News", ("GetNews", "GetBars"), news.asks, news.write),
)
