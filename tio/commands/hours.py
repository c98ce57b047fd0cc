"""hours: when markets trade."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(hours)


def hours(
    of: Annotated[str, typer.Argument(help="A venue (NYSE, LSE, FX) or a symbol.")] = "",
    date: Annotated[str, typer.Option(help="Another day, e.g. 2026-11-27.")] = "",
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Make the table anew with exchange-calendars first.")
    ] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Which markets are open, or one venue's sessions of a day, with holidays and half days.

    Example: tio hours NYSE --date 2026-11-27
    """
    from tio.api.errors import Invalid
    from tio.api.hours import GetHours, ListVenues, RefreshHours
    from tio.commands import hours_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    day = hours_tables.day_of(date)
    if day is not None and not of:
        raise Invalid("--date needs a venue or a symbol", "e.g. `tio hours NYSE --date 2026-11-27`")
    if refresh:
        sheet = ask(RefreshHours(), chosen)
        say(f"the table of hours was made by {sheet.by} and reaches {sheet.covers_until}")
    if of:
        venue = ask(GetHours(of, day), chosen)
        print_json(venue) if json else hours_tables.print_venue(venue)
    else:
        venues = ask(ListVenues(), chosen)
        print_json(venues) if json else hours_tables.print_venues(venues)
