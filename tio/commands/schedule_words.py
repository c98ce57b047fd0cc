"""What a schedule's options mean."""

from tio.api.analyst import Depth, Workflow
from tio.api.errors import Invalid
from tio.api.schedules import Assignment, DueAt, ReportTime, Weekday

_WEEK = list(Weekday)
_OF_SYMBOLS = (Workflow.brief, Workflow.compare, Workflow.why)


def what_of(workflow: str, of: list[str], depth: str) -> Assignment:
    """The report that is meant; Invalid where there is no such one."""
    if workflow not in list(Workflow):
        raise Invalid(f"there is no report {workflow[:20]!r}", f"one of {', '.join(Workflow)}")
    if depth not in list(Depth):
        raise Invalid(f"there is no depth {depth[:20]!r}", "short or full")
    kind = Workflow(workflow)
    if kind in _OF_SYMBOLS:
        return Assignment(workflow=kind, symbols=tuple(of), depth=Depth(depth))
    return Assignment(workflow=kind, name=" ".join(of), depth=Depth(depth))


def when_of(
    at: str, zone: str, days: str, venue: str, opens: str, closes: str, minutes: int
) -> ReportTime:
    """The time that is meant: `at`, before a venue `opens` or after it `closes`. Invalid."""
    told = [
        f"--{name}"
        for name, each in (("at", at), ("before-open", opens), ("after-close", closes))
        if each
    ]
    if len(told) != 1:
        said = " and ".join(told) or "no time"
        raise Invalid(
            f"a schedule needs one time, was {said}", "--at, --before-open or --after-close"
        )
    chosen = days_of(days)
    if at:
        return ReportTime(time=at, zone=zone or local_zone(), days=chosen, venue=venue)
    by = DueAt.open if opens else DueAt.close
    return ReportTime(by=by, days=chosen, venue=opens or closes, minutes=minutes)


def days_of(text: str) -> tuple[Weekday, ...]:
    """Days as `mon-fri` or `mon,wed`; none of an empty text. Invalid."""
    found: list[Weekday] = []
    for part in filter(None, text.lower().replace(" ", "").split(",")):
        first, dash, last = part.partition("-")
        for each in (first, last) if dash else (first,):
            if each not in _WEEK:
                raise Invalid(f"there is no day {each[:20]!r}", f"one of {', '.join(_WEEK)}")
        begin, end = _WEEK.index(Weekday(first)), _WEEK.index(Weekday(last or first))
        count = (end - begin) % 7 + 1
        found += [_WEEK[(begin + step) % 7] for step in range(count)]
    return tuple(each for each in _WEEK if each in found)


def local_zone() -> str:
    """The zone figures are shown in, by name; Invalid where this machine tells none."""
    from zoneinfo import ZoneInfo

    from tio import config
    from tio.draw.zones import zone_of

    zone = zone_of(config.load().ui.time_zone)
    name = zone.key if isinstance(zone, ZoneInfo) else str(zone)
    if not isinstance(zone, ZoneInfo) and name != "UTC":
        raise Invalid("this machine's time zone has no name", "tell it: --zone Europe/Vienna")
    return name
