"""How schedules and the reports they leave read."""

from datetime import datetime, tzinfo

from tio.api.schedules import Assignment, DueAt, KeptReport, ReportTime, RunEnd, Schedule, Weekday

_WEEK = list(Weekday)
BIAS = {-2: "▼▼", -1: "▼", 0: "–", 1: "▲", 2: "▲▲"}


def what_told(what: Assignment) -> str:
    """As `brief AAPL`, `morning main`."""
    return f"{what.workflow} {' '.join(what.symbols) or what.name}"


def when_told(when: ReportTime) -> str:
    """As `mon–fri 08:30 Europe/Vienna`, `30 min before NYSE opens`."""
    days = days_told(when.days)
    if when.by is DueAt.clock:
        venue = f"when {when.venue} trades" if when.venue else ""
        return " ".join(filter(None, (days or "daily", when.time, when.zone, venue)))
    side = "before" if when.by is DueAt.open else "after"
    told = f"{when.minutes} min {side} {when.venue} {when.by}s"
    if not when.minutes:
        told = f"as {when.venue} {when.by}s"
    return f"{told}, {days}" if days else told


def days_told(days: tuple[Weekday, ...]) -> str:
    """As `mon–fri`, `mon, wed`; "" where it is every day."""
    at = sorted(_WEEK.index(each) for each in set(days))
    if len(at) in (0, 7):
        return ""
    if len(at) > 2 and at[-1] - at[0] == len(at) - 1:
        return f"{_WEEK[at[0]]}–{_WEEK[at[-1]]}"
    return ", ".join(_WEEK[each] for each in at)


def last_told(schedule: Schedule, zone: tzinfo) -> str:
    """How the last run ended, in a sentence."""
    if schedule.running:
        return "is being made"
    last = schedule.last
    if last is None:
        return "not run yet"
    when = short_time(last.due or last.at, zone)
    told = f"{last.report} at {when}" if last.end is RunEnd.done else f"{last.end} {when}"
    return f"{told}: {last.reason}" if last.reason else told


def next_told(schedule: Schedule, zone: tzinfo) -> str:
    """When it is due next, or why it never is."""
    return schedule.waits if schedule.next is None else short_time(schedule.next, zone)


def leaning(report: KeptReport) -> str:
    """Which way its view leans, as an arrow; "" without one."""
    return "" if report.bias is None else BIAS[report.bias]


def short_time(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
