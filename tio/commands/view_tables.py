"""How views and their record print."""

from collections.abc import Sequence

from tio.api.views import GivenView, ViewBy, ViewRecord
from tio.commands.order_tables import cell
from tio.commands.printing import print_csv, print_table, say
from tio.draw import views

_RIGHT = frozenset({"CONF", "STATED", "BASE", "MOVE", "VIEWS", "N", "MEAN"})
_VIEW = GivenView.__struct_fields__
_RECORD = ViewRecord.__struct_fields__
NONE = (
    "the analyst has given no view yet; one is kept whenever it gives one in a chat\n"
    "  as for the question /brief AAPL"
)


def print_views(found: Sequence[GivenView], *, csv: bool) -> None:
    if csv:
        print_csv(_VIEW, [[cell(getattr(each, name)) for name in _VIEW] for each in found])
        return
    if not found:
        say(NONE)
        return
    header = ("VIEW", "SYMBOL", "BY", "GIVEN", "SAYS", "CONF", "STATED", "BASE", "MOVE", "OUTCOME")
    print_table(header, [_row(each) for each in found], _RIGHT)
    for each in found:
        if each.waits:
            say(f"{each.id} is not scored: {each.waits}")


def print_record(found: Sequence[ViewRecord], by: ViewBy, *, csv: bool) -> None:
    if csv:
        print_csv(_RECORD, [[cell(getattr(each, name)) for name in _RECORD] for each in found])
        return
    if not any(each.views for each in found):
        say(NONE)
        return
    header = (by.value.upper(), "VIEWS", "N", "HELD", "BASE", "MEAN", "STATED", "TELLS")
    rows = [
        (
            views.named(each),
            str(each.views),
            str(each.n),
            views.rate(each),
            views.percent(each.baseline),
            views.toward(each),
            views.percent(each.stated),
            each.note,
        )
        for each in found
    ]
    print_table(header, rows, _RIGHT)
    say("BASE: how often saying the same at any time would have held.")


def _row(each: GivenView) -> tuple[str, ...]:
    return (
        each.id,
        each.symbol,
        each.by,
        f"{each.given:%Y-%m-%d}",
        views.way(each),
        views.percent(each.confidence),
        views.percent(each.stated),
        views.percent(each.base),
        views.moved(each),
        views.outcome(each),
    )
