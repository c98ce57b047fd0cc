"""Sources as lines: one each in a table, one in full, the route of one symbol."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from tio.api.sources import KeyPlace, KeyReport, LimitLeft, Route, SourceReport, SourceState
from tio.draw.table import age, fit
from tio.screens.widgets.lines import Line, Part

INKS = {
    SourceState.live: "rise",
    SourceState.connecting: "accent",
    SourceState.silent: "accent",
    SourceState.failed: "fall",
    SourceState.idle: "text",
}
NAME, STATE = 13, 10
LEAST_WHY = 16
LABEL = 12
Column = tuple[str, int, bool]
"""Title, width, whether it stands on the right."""
COLUMNS: Mapping[str, Column] = {
    "symbols": ("SYM", 4, True),
    "rate": ("RATE", 7, True),
    "latency": ("P50/P95 MS", 11, True),
    "errors": ("ERR", 4, True),
    "left": ("LEFT", 22, False),
    "heard": ("HEARD", 5, True),
    "next": ("NEXT", 6, True),
}
"""In the order they stand."""
KEPT = ("heard", "next", "errors", "symbols", "latency", "rate", "left")
"""In the order they are kept where there is less room."""


def source_lines(
    reports: Sequence[SourceReport], now: datetime, zone: tzinfo, width: int
) -> list[Line]:
    """A header, then a line a source, `width` cells wide in all."""
    left = max((len(_tightest(report.limits, zone)) for report in reports), default=0)
    widths = {name: room for name, (_, room, _) in COLUMNS.items()} | {"left": max(left, 4)}
    columns = _fitting(width, widths)
    titles = [fit(COLUMNS[c][0], widths[c], right=COLUMNS[c][2]) for c in columns]
    header = " ".join((fit("SOURCE", NAME), fit("STATE", STATE), *titles, "WHY"))
    return [[(header, "muted")], *(_row(each, columns, now, zone) for each in reports)]


def ailing(report: SourceReport) -> bool:
    """Whether a source fails, or some of what it is asked for rests."""
    return report.state is SourceState.failed or any(each.resting for each in report.abilities)


def why(report: SourceReport) -> str:
    """The reason a person should read first: of its state, else of what rests, else its key."""
    resting = [each for each in report.abilities if each.resting]
    said = [report.reason] if report.reason else []
    said += [f"{each.name} rests: {each.reason}".removesuffix(": ") for each in resting]
    if not said and report.state is SourceState.failed:
        said.append(report.last_error)
    if not said and report.lacks_key:
        said.append(f"needs {' and '.join(report.lacks_key)}")
    return "; ".join(dict.fromkeys(said))


def next_try(report: SourceReport) -> datetime | None:
    """When it is asked again: itself, else the first of what rests."""
    resting = (each.next_try_at for each in report.abilities if each.resting)
    soonest = [at for at in (report.next_try_at, *resting) if at is not None]
    return min(soonest, default=None)


def wait(at: datetime | None, now: datetime) -> str:
    """How long until then: `48s`, `3m`, `2h`; `now` when it is due, empty when never."""
    if at is None:
        return ""
    seconds = (at - now).total_seconds()
    return "now" if seconds < 1 else "1s" if seconds < 2 else age(seconds)


def one_source(
    report: SourceReport, keys: Sequence[KeyReport], now: datetime, zone: tzinfo
) -> list[Line]:
    """Everything about one source, what is wrong first."""
    return [
        [(fit(name, LABEL), "muted"), (words, ink)]
        for name, words, ink in (
            *_state_told(report, now, zone),
            *_keys_told(report, keys),
            *_abilities_told(report, now, zone),
            *_limits_told(report, zone),
            *_traffic_told(report, now),
        )
    ]


def route_lines(
    route: Route, reports: Mapping[str, SourceReport], now: datetime, zone: tzinfo
) -> list[Line]:
    """Who tells a symbol's price, since when, and why not those before."""
    since = f", since {local(route.since, zone)}" if route.since else ""
    told: list[tuple[str, str, str]] = [
        ("served by", f"{route.source or 'nobody'}{since}", "rise" if route.source else "fall")
    ]
    if route.reason:
        told.append(("because", route.reason, "text"))
    reasons: dict[str, list[str]] = {}
    for each in route.passed_over:
        report = reports.get(each.source)
        at = next_try(report) if report is not None else None
        again = f" · next try {local(at, zone)}, in {wait(at, now)}" if at else ""
        reasons.setdefault(each.reason + again, []).append(each.source)
    told += [("not", f"{', '.join(names)}: {said}", "accent") for said, names in reasons.items()]
    told.append(("checked by", route.checked_by or "nobody", "text"))
    if route.note:
        told.append(("note", route.note, "accent"))
    return [[(fit(name, LABEL), "muted"), (words, ink)] for name, words, ink in told]


def local(at: datetime | None, zone: tzinfo) -> str:
    """`14:03:20`, or nothing."""
    return "" if at is None else f"{at.astimezone(zone):%H:%M:%S}"


def _fitting(width: int, widths: Mapping[str, int]) -> dict[str, int]:
    """The columns there is room for, and the width of each."""
    left = width - 2 - NAME - 1 - STATE - 1 - LEAST_WHY
    chosen = set()
    for name in KEPT:
        left -= widths[name] + 1
        if left < 0:
            break
        chosen.add(name)
    return {name: widths[name] for name in COLUMNS if name in chosen}


def _row(report: SourceReport, columns: Mapping[str, int], now: datetime, zone: tzinfo) -> Line:
    off = report.state is SourceState.off
    quiet = "muted" if off else "text"
    ink = INKS.get(report.state, "muted")
    if ink != "fall" and ailing(report):
        ink = "accent"
    parts: list[Part] = [
        (fit(report.name, NAME) + " ", quiet),
        (fit(str(report.state), STATE) + " ", ink),
    ]
    cells = _cells(report, now, zone)
    for name, width in columns.items():
        tone = "fall" if name == "errors" and report.errors else quiet
        parts.append((fit(cells[name], width, right=COLUMNS[name][2]) + " ", tone))
    parts.append((why(report), ink if ailing(report) else "muted"))
    return parts


def _cells(report: SourceReport, now: datetime, zone: tzinfo) -> dict[str, str]:
    heard = report.last_message_at
    middle, slow = (_whole(report.latency_ms), _whole(report.latency_p95_ms))
    return {
        "symbols": str(report.symbols or ""),
        "rate": f"{report.rate:.4g}/s" if report.rate else "",
        "latency": f"{middle}/{slow}" if middle or slow else "",
        "errors": str(report.errors or ""),
        "left": _tightest(report.limits, zone),
        "heard": age((now - heard).total_seconds()) if heard else "",
        "next": wait(next_try(report), now),
    }


def _tightest(limits: Sequence[LimitLeft], zone: tzinfo) -> str:
    """The window of which least is left: `12 of 60 →14:04:00`."""
    if not limits:
        return ""
    least = min(limits, key=lambda each: each.left / each.limit if each.limit else 0.0)
    reset = f" →{local(least.resets_at, zone)}" if least.resets_at else ""
    return f"{_count(least.left)} of {_count(least.limit)}{reset}"


def _whole(milliseconds: float | None) -> str:
    return "" if milliseconds is None else f"{milliseconds:.0f}"


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    said = age(max((now - at).total_seconds(), 0.0))
    return "just now" if said == "·" else f"{said} ago"


Told = Iterator[tuple[str, str, str]]


def _state_told(report: SourceReport, now: datetime, zone: tzinfo) -> Told:
    reason = f": {report.reason}" if report.reason else ""
    yield "state", f"{report.state}{reason}", INKS.get(report.state, "muted")
    if report.next_try_at is not None:
        at = report.next_try_at
        yield "next try", f"{local(at, zone)}, in {wait(at, now)} · t tries now", "text"
    if report.last_error:
        said = f"{report.last_error} ({_ago(report.last_error_at, now)})"
        yield "last error", said, "fall" if ailing(report) else "muted"


def _keys_told(report: SourceReport, keys: Sequence[KeyReport]) -> Told:
    set_it = f"tio keys set {report.name}"
    if report.lacks_key:
        yield "key", f"missing: {', '.join(report.lacks_key)}. In a shell: {set_it}", "accent"
    for key in keys:
        if key.field in report.lacks_key:
            continue
        if key.place is KeyPlace.absent:
            yield "key", f"{key.field} is optional and absent; it raises limits: {set_it}", "muted"
        else:
            yield "key", f"{key.field} is in the {key.place}. {key.note}".strip(), "text"


def _abilities_told(report: SourceReport, now: datetime, zone: tzinfo) -> Told:
    ready = [each.name for each in report.abilities if not each.resting]
    for each in report.abilities:
        if each.resting:
            at = each.next_try_at
            again = f" · next try {local(at, zone)}, in {wait(at, now)}" if at else ""
            yield "rests", f"{each.name}: {each.reason or 'after failures'}{again}", "accent"
    if ready:
        yield "ready", ", ".join(ready), "text"


def _limits_told(report: SourceReport, zone: tzinfo) -> Told:
    for each in report.limits:
        reset = f", resets {local(each.resets_at, zone)}" if each.resets_at else ""
        ink = "accent" if each.left < each.limit * 0.1 else "text"
        yield "limit", f"{each.name}: {_count(each.left)} of {_count(each.limit)} left{reset}", ink


def _traffic_told(report: SourceReport, now: datetime) -> Told:
    heard = _ago(report.last_message_at, now)
    yield "heard", f"{heard} · {report.symbols} symbols · {report.rate:.4g} ticks a second", "text"
    if report.calls or report.waiting:
        middle, slow = _whole(report.latency_ms) or "·", _whole(report.latency_p95_ms) or "·"
        said = f"{report.calls} times, {middle} ms (p95 {slow} ms)"
        yield "asked", said + (f", {report.waiting} waiting" if report.waiting else ""), "text"
    counted = f"{report.errors}" + (f" · begun anew {report.reconnects}×" * bool(report.reconnects))
    yield "errors", counted, "text"
    serves = ", ".join(report.assets) or "what it plays"
    unofficial = " · unofficial: it may change or refuse any day" if report.unofficial else ""
    yield "serves", f"{serves} · {str(report.delay).replace('_', ' ')}{unofficial}", "text"
    if report.attribution:
        yield "credit", report.attribution, "muted"


def _count(value: float) -> str:
    """How many may be asked: whole ones, and a tenth below ten."""
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}"
