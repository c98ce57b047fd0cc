"""How sources, routes, keys and profiles print."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tio.api.companies import CorporateEvent, Profile
from tio.api.sources import KeyPlace, KeyReport, Route, SourceReport
from tio.commands.printing import print_table, say


def print_sources(reports: Sequence[SourceReport]) -> None:
    """One line a source."""
    rows = [
        [
            report.name,
            str(report.state),
            str(report.symbols) if report.symbols else "",
            f"{report.rate:g}/s" if report.rate else "",
            "" if report.latency_ms is None else f"{report.latency_ms:.0f} ms",
            str(report.errors) if report.errors else "",
            ago(report.last_message_at),
            _remark(report),
        ]
        for report in reports
    ]
    print_table(("SOURCE", "STATE", "SYMBOLS", "RATE", "LATENCY", "ERRORS", "HEARD", ""), rows)


def print_source(report: SourceReport) -> None:
    """Everything about one source."""
    for name, value in _lines(report):
        print_pair(name, value)
    if report.abilities:
        print()
        rows = [
            [
                each.name,
                "rests" if each.resting else "ready",
                clock(each.next_try_at),
                each.reason,
            ]
            for each in report.abilities
        ]
        print_table(("ABILITY", "STATE", "NEXT TRY", "REASON"), rows)
    if report.limits:
        print()
        rows = [
            [each.name, f"{each.left:g} of {each.limit:g}", clock(each.resets_at)]
            for each in report.limits
        ]
        print_table(("LIMIT", "LEFT", "RESETS"), rows)


def print_routes(routes: Sequence[Route]) -> None:
    """Who serves each symbol, and why not those before."""
    rows = [
        [
            route.symbol,
            str(route.asset_class),
            route.source or "nobody",
            ago(route.since),
            route.note
            or route.reason
            or "; ".join(f"{each.source}: {each.reason}" for each in route.passed_over),
        ]
        for route in routes
    ]
    print_table(("SYMBOL", "CLASS", "SOURCE", "SINCE", "WHY"), rows)


def print_keys(keys: Sequence[KeyReport]) -> None:
    """Where credentials are kept."""
    rows = [
        [key.source, key.field, str(key.place), "needed" if key.needed else "optional", key.note]
        for key in keys
    ]
    print_table(("SOURCE", "CREDENTIAL", "KEPT IN", "", ""), rows)


def print_profile(profile: Profile) -> None:
    """What is known of an instrument, a line a figure, with who told it."""
    for name, value, field in _figures(profile):
        teller = profile.told_by.get(field, "")
        print_pair(name, f"{value}  ({teller})" if teller else value)
    if profile.summary:
        print()
        print(profile.summary)


def print_events(events: Sequence[CorporateEvent]) -> None:
    """Splits and dividends by ex-date."""
    rows = [
        [
            event.ex_date.isoformat(),
            str(event.kind),
            f"{event.ratio:g} for 1" if event.ratio else f"{event.amount or 0:g} {event.currency}",
            event.source,
        ]
        for event in events
    ]
    print_table(("EX-DATE", "WHAT", "AMOUNT", "SOURCE"), rows)


def say_state(report: SourceReport) -> None:
    """What became of a source, for the person."""
    say(f"{report.name}: {report.state}" + (f", {report.reason}" if report.reason else ""))


def say_key(key: KeyReport) -> None:
    """Where a credential is now, for the person."""
    where = "forgotten" if key.place is KeyPlace.absent else f"kept in the {key.place}"
    say(f"{key.source} {key.field}: {where}" + (f"; {key.note}" if key.note else ""))


def print_pair(name: str, value: str) -> None:
    """A name and what belongs to it, aligned."""
    from tio.api.clean import clean

    print(f"{name:<18}{clean(value)}")


def ago(at: datetime | None) -> str:
    """How long ago, as people say it."""
    if at is None:
        return ""
    seconds = max(0.0, (datetime.now(UTC) - at).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f}{unit} ago"
    return f"{seconds:.0f}s ago"


def clock(at: datetime | None) -> str:
    """A moment in the person's own time."""
    return "" if at is None else f"{at.astimezone():%H:%M:%S}"


def _remark(report: SourceReport) -> str:
    told = [report.reason]
    if report.next_try_at is not None:
        told.append(f"next try {clock(report.next_try_at)}")
    if report.unofficial:
        told.append("unofficial")
    return "; ".join(part for part in told if part)


def _lines(report: SourceReport) -> Iterator[tuple[str, str]]:
    yield "source", report.name
    yield "state", f"{report.state}{f' ({report.reason})' if report.reason else ''}"
    yield "serves", ", ".join(report.assets)
    yield "delay", str(report.delay)
    yield "symbols now", str(report.symbols)
    yield "ticks", f"{report.ticks} ({report.rate:g} a second)"
    if report.calls:
        typical, slow = report.latency_ms or 0.0, report.latency_p95_ms or 0.0
        yield "asked", f"{report.calls} times, {typical:.0f} ms (p95 {slow:.0f} ms)"
    if report.waiting:
        yield "waiting", f"{report.waiting} questions for their turn"
    yield "errors", str(report.errors)
    if report.last_error:
        yield "last error", f"{report.last_error} ({ago(report.last_error_at)})"
    if report.next_try_at is not None:
        yield "next try", clock(report.next_try_at)
    if report.needs_key:
        missing = ", ".join(report.lacks_key)
        yield "key", f"missing: {missing} (tio keys set {report.name})" if missing else "present"
    if report.unofficial:
        yield "unofficial", "no public API; it may change or refuse any day"
    if report.attribution:
        yield "attribution", report.attribution


def _figures(profile: Profile) -> Iterator[tuple[str, str, str]]:
    texts = ("symbol", "name", "asset_class", "exchange", "mic", "sector", "industry", "country")
    for field in (*texts, "currency", "website", "cik"):
        value = getattr(profile, field)
        if value:
            yield field.replace("_", " "), str(value), field
    yield from _ranges(profile)
    for field in ("market_cap", "shares", "average_volume", "employees", "revenue"):
        value = getattr(profile, field)
        if value is not None:
            yield field.replace("_", " "), f"{value:,.0f}", field
    ratios = ("pe", "forward_pe", "eps", "book_value", "price_to_book", "beta", "dividend_rate")
    for field in (*ratios, "debt_to_equity", "target_price"):
        value = getattr(profile, field)
        if value is not None:
            yield field.replace("_", " "), f"{value:,.4g}", field
    for field in ("dividend_yield", "profit_margin", "return_on_equity"):
        value = getattr(profile, field)
        if value is not None:
            yield field.replace("_", " "), f"{value:.2%}", field
    if profile.ex_dividend is not None:
        yield "ex-dividend", profile.ex_dividend.isoformat(), "ex_dividend"
    if profile.earnings_from is not None:
        yield "next earnings", _earnings(profile), "earnings_from"


def _ranges(profile: Profile) -> Iterator[tuple[str, str, str]]:
    for name, low, high in (
        ("day", profile.day_low, profile.day_high),
        ("year", profile.year_low, profile.year_high),
    ):
        if low is not None and high is not None:
            yield f"{name} range", f"{low:,.6g} – {high:,.6g}", f"{name}_high"


def _earnings(profile: Profile) -> str:
    begins, ends = profile.earnings_from, profile.earnings_until
    told = "" if begins is None else f"{begins:%Y-%m-%d}"
    if ends is not None and begins is not None and ends.date() != begins.date():
        told += f" to {ends:%Y-%m-%d}"
    return f"{told} (estimated)" if profile.earnings_estimated else told
