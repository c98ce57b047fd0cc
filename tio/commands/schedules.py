"""analyst schedule: add, list, remove, run. analyst reports: what they left."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from datetime import tzinfo

Name = Annotated[str, typer.Argument(help="As `tio analyst schedule list` names it.")]
Venue = typer.Option(metavar="VENUE", help="A venue as `tio hours` names it: NYSE, XETRA, TSE …")

schedule_group = typer.Typer(
    name="schedule",
    help="Reports made in the background at their time, while the daemon runs: add, list, remove,"
    " run.\n\nExample: tio analyst schedule add morning main --before-open NYSE",
    invoke_without_command=True,
)


def join(group: typer.Typer) -> None:
    """Into the group of the analyst's commands."""
    group.add_typer(schedule_group)
    group.command()(reports)


@schedule_group.callback()
def schedule(context: typer.Context, json: options.AsJson = False) -> None:
    """Every schedule, when it is due next and how its last run ended."""
    if context.invoked_subcommand is None:
        list_schedules(json=json)


@schedule_group.command()
def add(
    report: Annotated[
        str,
        typer.Argument(
            help="brief, compare, morning, why, portfolio, risk, journal or idea.",
            autocompletion=options.among(
                *("brief", "compare", "morning", "why", "portfolio", "risk", "journal", "idea")
            ),
        ),
    ],
    of: Annotated[
        list[str], typer.Argument(metavar="OF…", help="Symbols, a list, a portfolio, an idea's id.")
    ],
    name: Annotated[str, typer.Option(help="What it is called, else as `morning main`.")] = "",
    at: Annotated[str, typer.Option(metavar="HH:MM", help="A time of day in the zone.")] = "",
    zone: Annotated[str, typer.Option(help="As Europe/Vienna; else yours.")] = "",
    days: Annotated[str, typer.Option(help="As mon-fri or mon,wed; else every day.")] = "",
    venue: Annotated[
        str, typer.Option(metavar="VENUE", help="With --at: only on days it trades.")
    ] = "",
    before_open: Annotated[str, Venue] = "",
    after_close: Annotated[str, Venue] = "",
    minutes: Annotated[int, typer.Option(help="Before the open or after the close.")] = 30,
    depth: Annotated[
        str, typer.Option(help="short or full.", autocompletion=options.among("short", "full"))
    ] = "short",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Make a report again and again, by rules; one of the same name is replaced.

    Example: tio analyst schedule add brief AAPL --at 08:30 --days mon-fri
    Example: tio analyst schedule add portfolio main --after-close NYSE --minutes 15
    """
    from tio.api.schedules import SaveSchedule
    from tio.commands import schedule_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json
    from tio.commands.schedule_words import what_of, when_of

    what = what_of(report, of, depth)
    when = when_of(at, zone, days, venue, before_open, after_close, minutes)
    called = name or " ".join([report, *of])[:60]
    saved = ask(SaveSchedule(called, what, when), options.chosen(workspace))
    print_json(saved) if json else schedule_tables.say_schedule(saved, _zone())


@schedule_group.command("list")
def list_schedules(json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Every schedule, when it is due next and how its last run ended.

    Example: tio analyst schedule list --json
    """
    from tio.api.schedules import ListSchedules
    from tio.commands import schedule_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListSchedules(), options.chosen(workspace))
    print_json(found) if json else schedule_tables.print_schedules(found, _zone())


@schedule_group.command()
def remove(name: Name, workspace: options.Workspace = "") -> None:
    """Take a schedule away; the reports it left stay.

    Example: tio analyst schedule remove 'morning main'
    """
    from tio.api.schedules import DeleteSchedule
    from tio.commands.asking import ask
    from tio.commands.printing import say

    gone = ask(DeleteSchedule(name), options.chosen(workspace))
    say(f"{gone.name} is taken away; its reports stay")


@schedule_group.command()
def run(
    name: Name,
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Make a schedule's report now and keep it; when it is due stays as it is.

    Example: tio analyst schedule run 'morning main'
    """
    from tio.api.schedules import GetReport, RunSchedule
    from tio.commands.asking import ask
    from tio.commands.printing import say
    from tio.commands.report_print import print_report

    chosen = options.chosen(workspace)
    kept = ask(RunSchedule(name), chosen)
    print_report(ask(GetReport(kept.id), chosen).report, json=json, markdown=markdown)
    say(f"kept as {kept.id}")


def reports(
    report: Annotated[str, typer.Argument(metavar="[REPORT]", help="One to read: r12.")] = "",
    unread: Annotated[bool, typer.Option("--unread", help="Only those not yet read.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 50,
    delete: Annotated[bool, typer.Option("--delete", help="Take it away for good.")] = False,
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Reports that schedules left, newest first; with an id that one, which is then read.

    Example: tio analyst reports r12 --markdown r12.md
    """
    from tio.api.errors import Invalid, NotFound
    from tio.api.schedules import DeleteReport, ListReports
    from tio.commands import schedule_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    if report and not (report[0] == "r" and report[1:].isdecimal() and len(report) < 11):
        raise NotFound(f"there is no report {report[:40]!r}", "`tio analyst reports` lists them")
    if report and delete:
        say(f"{ask(DeleteReport(report), chosen).id} is taken away for good")
    elif report:
        _read(report, chosen, json=json, markdown=markdown)
    elif delete or markdown:
        raise Invalid("which report is not told", "name one as r12; without one they are listed")
    else:
        found = ask(ListReports(unread=unread, limit=limit), chosen)
        print_json(found) if json else schedule_tables.print_reports(found, _zone(), csv=csv)


def _read(report: str, workspace: str, *, json: bool, markdown: str) -> None:
    from tio.api.schedules import GetReport, MarkReport
    from tio.commands.asking import ask
    from tio.commands.printing import say
    from tio.commands.report_print import print_report

    whole = ask(GetReport(report), workspace)
    print_report(whole.report, json=json, markdown=markdown)
    if whole.kept.note:
        say(f"{report} came {whole.kept.note}")
    if not whole.kept.read:
        ask(MarkReport(report), workspace)


def _zone() -> "tzinfo":
    from tio import config
    from tio.draw.zones import zone_of

    return zone_of(config.load().ui.time_zone)
