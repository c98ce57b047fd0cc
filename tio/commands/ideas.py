"""ideas: cards written before a trade, taken as a paper bracket, scored at their horizon."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options
from tio.commands.portfolio import Portfolio

if TYPE_CHECKING:
    from tio.api.contract import Request
    from tio.api.ideas import Idea

Id = Annotated[str, typer.Argument(metavar="IDEA", help="As `tio ideas` tells it, i12.")]
Side = Annotated[
    str, typer.Argument(help="buy or sell", autocompletion=options.among("buy", "sell"))
]
Price = Annotated[str, typer.Option(metavar="PRICE")]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="PRICE", help="The nearest counts.")
]
Thesis = Annotated[str, typer.Option(help="Why this should happen, in a sentence.")]
Horizon = Annotated[str, typer.Option(help="When it is scored: 8h, 10d, 3w, 2mo, or a date.")]
Invalidation = Annotated[
    str, typer.Option(metavar="PRICE", help="Where the thesis is wrong, before the stop.")
]
Quantity = Annotated[str, typer.Option(metavar="NUMBER")]
Risk = Annotated[str, typer.Option(help="What the stop may cost: 500, or 1%.")]
Setup = Annotated[str, typer.Option(help="What you call trades of this kind.")]
Facts = Annotated[
    list[str] | None, typer.Option("--evidence", help='"text | figure | source", again for more.')
]

group = typer.Typer(
    name="ideas",
    help="Idea cards: planned before the trade, scored by bars at their horizon.\n\n"
    "Example: tio ideas new AAPL buy --entry 187.20 --stop 183 --target 195"
    " --horizon 10d --thesis 'holds its breakout'",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def ideas(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="Only those planned, taken, scored, …")] = "",
    portfolio: Annotated[str, typer.Option("--portfolio", "-p", help="Only its cards.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Idea cards, newest first: where they stand, how far the market is, what they brought.

    Example: tio ideas --state planned
    """
    if options.own(context, portfolio, workspace):
        _list(state, portfolio, json=json, csv=csv, workspace=workspace)


@group.command("list")
def listed(
    state: Annotated[str, typer.Option(help="Only those planned, taken, scored, …")] = "",
    portfolio: Annotated[str, typer.Option("--portfolio", "-p", help="Only its cards.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The same as `tio ideas`.

    Example: tio ideas list --csv
    """
    _list(state, portfolio, json=json, csv=csv, workspace=workspace)


def _list(state: str, portfolio: str, *, json: bool, csv: bool, workspace: str) -> None:
    from tio.api.ideas import ListIdeas
    from tio.commands import idea_tables, idea_words
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    asked = ListIdeas(portfolio, idea_words.state_named(state))
    found = ask(asked, options.chosen(workspace))
    print_json(found) if json else idea_tables.print_ideas(found, csv=csv)


@group.command()
def show(id: Id, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """One card in full: evidence, what was changed, how it was scored.

    Example: tio ideas show i12
    """
    from tio.api.ideas import GetIdea
    from tio.commands import idea_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(GetIdea(id), options.chosen(workspace))
    print_json(found) if json else idea_tables.print_idea(found)


@group.command()
def new(
    symbol: options.Symbol,
    side: Side,
    entry: Price,
    stop: Price,
    thesis: Thesis,
    target: Targets = None,
    horizon: Horizon = "10d",
    invalidation: Invalidation = "",
    quantity: Quantity = "",
    risk: Risk = "",
    setup: Setup = "",
    evidence: Facts = None,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Write a card; nothing is placed until it is taken.

    Example: tio ideas new AAPL buy --entry 187.2 --stop 183 --target 195 --thesis 'it holds'
    """
    from tio.commands import idea_words, portfolio_tables

    told = {
        "entry": entry,
        "stop": stop,
        "thesis": thesis,
        "horizon": horizon,
        "invalidation": invalidation,
        "quantity": quantity,
        "risk": risk,
        "setup": setup,
    }
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    asked = idea_words.new(name, (symbol, side), told, target or (), evidence or ())
    _made(asked, json=json, workspace=chosen)


@group.command()
def change(
    id: Id,
    entry: Price = "",
    stop: Price = "",
    thesis: Thesis = "",
    target: Targets = None,
    horizon: Horizon = "",
    invalidation: Invalidation = "",
    quantity: Quantity = "",
    risk: Risk = "",
    setup: Setup = "",
    evidence: Facts = None,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Change a card before its entry is reached; what was planned first is kept and shown.

    Example: tio ideas change i12 --stop 184
    """
    from tio.api.ideas import GetIdea
    from tio.commands import idea_words
    from tio.commands.asking import ask

    told = {
        "entry": entry,
        "stop": stop,
        "thesis": thesis,
        "horizon": horizon,
        "invalidation": invalidation,
        "quantity": quantity,
        "risk": risk,
        "setup": setup,
    }
    chosen = options.chosen(workspace)
    was = ask(GetIdea(id), chosen).idea
    asked = idea_words.changed(was, told, target or (), evidence or ())
    _made(asked, json=json, workspace=chosen)


@group.command()
def take(
    id: Id,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what it would come to; place nothing.")
    ] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Place a card's bracket, once. PAPER: nothing real is traded.

    Example: tio ideas take i12 --preview
    """
    from tio.api.ideas import PreviewIdea, TakeIdea
    from tio.commands import order_acts, order_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    if preview:
        seen = ask(PreviewIdea(id), chosen)
        print_json(seen) if json else order_tables.print_preview(seen)
        return
    _made(TakeIdea(id), json=json, workspace=chosen)
    order_acts.say_unwatched(chosen)


@group.command()
def close(
    id: Id,
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Give a card up; one whose entry was reached is scored all the same.

    Example: tio ideas close i12 --reason 'the news changed it'
    """
    from tio.api.ideas import CloseIdea
    from tio.commands.printing import say

    made = _made(CloseIdea(id, reason), json=json, workspace=options.chosen(workspace))
    if made.orders:
        say(f"its orders stay: `tio orders cancel {made.orders[0]}` ends them")


@group.command()
def record(
    by: Annotated[
        str,
        typer.Option(
            help="author, setup, symbol or side.",
            autocompletion=options.among("author", "setup", "symbol", "side"),
        ),
    ] = "author",
    portfolio: Annotated[str, typer.Option("--portfolio", "-p", help="Only its cards.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How scored cards did: how often right, what they brought in R, how sure that is.

    Example: tio ideas record --by setup
    """
    from tio.api.ideas import GetIdeaRecord
    from tio.commands import idea_tables, idea_words
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    asked = GetIdeaRecord(idea_words.by_named(by), portfolio)
    found = ask(asked, options.chosen(workspace))
    print_json(found) if json else idea_tables.print_record(found, by, csv=csv)


@group.command()
def check(
    id: Id,
    keep: Annotated[
        bool, typer.Option("--keep", help="Write what was found onto the card as evidence.")
    ] = False,
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Hold a card against the evidence: what it pays, trend, levels, events, size, record.

    Example: tio ideas check i12
    """
    from tio.api.analyst import CheckIdea
    from tio.api.idea_evidence import with_evidence
    from tio.api.ideas import GetIdea
    from tio.commands.asking import ask
    from tio.commands.printing import say
    from tio.commands.report_print import print_report

    chosen = options.chosen(workspace)
    report = ask(CheckIdea(id), chosen)
    print_report(report, json=json, markdown=markdown)
    if keep:
        kept = ask(with_evidence(ask(GetIdea(id), chosen).idea, report), chosen)
        say(f"{kept.id} holds {len(kept.plan.evidence)} pieces of evidence now")


def _made(asked: "Request[Idea]", *, json: bool, workspace: str) -> "Idea":
    from tio.commands import idea_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    made = ask(asked, workspace)
    print_json(made) if json else idea_tables.print_made(made)
    return made
