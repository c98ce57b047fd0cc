"""Selling out of chosen lots, from a position, a lot, a sale, or the line of an entry."""

from collections.abc import Sequence
from datetime import UTC

from textual.app import ComposeResult

from tio.api.portfolio import Lot, Transaction, TransactionKind
from tio.api.sales import LotPart, PreviewSale
from tio.screens.entry_line import EntryLine, read
from tio.screens.entry_written import written
from tio.screens.frame import Frame
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.widgets.sale_pane import SalePane

NOTHING = "Stand on a position, a lot or a sale to sell out of chosen lots."


class SaleScreen(Frame):
    """The lots of one sale, over PORT."""

    tab = "portfolio"

    def __init__(
        self,
        shown: ShownPortfolio,
        asked: PreviewSale,
        note: str = "",
        tags: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self._shown, self._asked, self._note, self._tags = shown, asked, note, tags

    def body(self) -> ComposeResult:
        yield SalePane(self._shown, self._asked, self._note, self._tags, self._sold)

    def _sold(self, entries: Sequence[Transaction]) -> None:
        stage = self._shown.stage
        self._shown.booked()
        if self in stage.screen_stack:
            while stage.screen is not self:
                stage.pop_screen()
            stage.pop_screen()
        named = ", ".join(each.id for each in entries)
        what = "an entry a lot, as one change" if len(entries) > 1 else "as one change"
        stage.say(f"booked as {named}: {what}; u undoes it", "rise")


def sell(shown: ShownPortfolio, chosen: object | None) -> None:
    """Choose the lots of a sale of what is stood on, at its price of now."""
    position = shown.position
    if isinstance(chosen, Transaction) and chosen.kind is TransactionKind.sell:
        sell_line(shown, written(chosen, shown.zone), chosen)
        return
    if position is None or position.quantity <= 0:
        shown.stage.say(NOTHING)
        return
    parts = (LotPart(chosen.id, chosen.quantity),) if isinstance(chosen, Lot) else ()
    account = chosen.account if isinstance(chosen, Lot) else None
    asked = PreviewSale(
        shown.name,
        position.symbol,
        price=position.price,
        currency=position.currency,
        account=account,
        parts=parts,
    )
    shown.stage.push_screen(SaleScreen(shown, asked))


def sell_line(shown: ShownPortfolio, line: str, was: Transaction | None = None) -> None:
    """Choose the lots of the sale a line tells, in place of an entry; Invalid."""
    told = read(line)
    asked = preview_of(shown.name, told, was)
    shown.stage.push_screen(SaleScreen(shown, asked, told.note, told.tags))


def preview_of(portfolio: str, told: EntryLine, was: Transaction | None = None) -> PreviewSale:
    """The sale of a line; of an entry that is entered anew its moment and account stay."""
    parts: tuple[LotPart, ...] = ()
    if told.lot and told.quantity:
        parts = (LotPart(told.lot, told.quantity),)
    account: str | None = told.account or None
    date = told.date
    if was is not None:
        account = told.account
        date = told.date or was.at.astimezone(UTC).isoformat()
    return PreviewSale(
        portfolio,
        told.symbol,
        told.quantity,
        told.price,
        told.amount,
        told.fee,
        told.tax,
        told.currency or (was.currency if was is not None else None),
        told.rate,
        date,
        account,
        parts,
        replaces="" if was is None else was.id,
    )


def is_sale(line: str) -> bool:
    """Whether a line is, or begins as, a sale's."""
    return line.split()[:1] == [TransactionKind.sell.value]
