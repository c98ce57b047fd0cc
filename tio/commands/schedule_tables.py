"""How schedules and the reports they left print."""

from collections.abc import Sequence
from datetime import tzinfo

from tio.api.schedules import KeptReport, Schedule
from tio.commands.order_tables import cell
from tio.commands.printing import print_csv, print_table, say
from tio.draw.schedules import last_told, leaning, next_told, short_time, what_told, when_told

NO_SCHEDULE = (
    "there is no schedule of reports yet; make one:\n"
    "  tio analyst schedule add morning main --before-open NYSE"
)
NO_REPORT = "no schedule has left a report yet; `tio analyst schedule list` tells when one will"
_REPORT = KeptReport.__struct_fields__


def print_schedules(found: Sequence[Schedule], zone: tzinfo) -> None:
    if not found:
        say(NO_SCHEDULE)
        return
    rows = [
        (
            each.name,
            what_told(each.what),
            when_told(each.when),
            short_time(each.next, zone) if each.next else "–",
            last_told(each, zone),
        )
        for each in found
    ]
    print_table(("SCHEDULE", "REPORT", "WHEN", "NEXT", "LAST RUN"), rows)
    for each in found:
        if each.waits:
            say(f"{each.name} is never due: {each.waits}")
        if each.missed:
            times = "once" if each.missed == 1 else f"{each.missed} times"
            say(f"{each.name} was missed {times}: tio was not running, or the machine slept")


def say_schedule(schedule: Schedule, zone: tzinfo) -> None:
    say(
        f"{schedule.name}: {what_told(schedule.what)}, {when_told(schedule.when)}; "
        f"next {next_told(schedule, zone)}\n"
        "it is made while tio or its daemon runs: `tio daemon start`"
    )


def print_reports(found: Sequence[KeptReport], zone: tzinfo, *, csv: bool) -> None:
    if csv:
        print_csv(_REPORT, [[cell(getattr(each, name)) for name in _REPORT] for each in found])
        return
    if not found:
        say(NO_REPORT)
        return
    rows = [
        (
            each.id,
            "" if each.read else "new",
            short_time(each.made, zone),
            each.schedule,
            leaning(each),
            each.headline,
        )
        for each in found
    ]
    print_table(("REPORT", "", "MADE", "SCHEDULE", "VIEW", "SAYS"), rows)
    for each in found:
        if each.note:
            say(f"{each.id} came {each.note}")
