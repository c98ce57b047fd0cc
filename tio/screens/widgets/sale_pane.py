"""The lots a sale could come out of: what is taken of each, the gain told before it is sold."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.portfolio import Transaction
from tio.api.sales import PreviewSale, SaleLot, SalePreview
from tio.draw.amounts import money, quantity
from tio.screens.actions import bindings
from tio.screens.entry_line import number
from tio.screens.following import in_words
from tio.screens.lot_choice import LotChoice
from tio.screens.questions import Question
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.widgets.book_lines import discreet
from tio.screens.widgets.lines import Line
from tio.screens.widgets.sale_lines import gain_lines, left_line, sale_line, sale_table
from tio.screens.widgets.table_lines import TableLines

ONE, TEN = Decimal(1), Decimal(10)
BELOW = (
    "GAIN is of the whole lot at that price, before fees.",
    "Long term is over 365 days. This is no tax report.",
)
Sold = Callable[[Sequence[Transaction]], None]


class SalePane(TableLines):
    """Open lots, the oldest first; `sold` hears of the entries a sale became."""

    scope = "sale"
    BINDINGS: ClassVar[list[BindingType]] = bindings("sale")

    def __init__(
        self,
        shown: ShownPortfolio,
        asked: PreviewSale,
        note: str,
        tags: tuple[str, ...],
        sold: Sold,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._shown, self._sold = shown, sold
        self._choice = LotChoice(asked, self._tell, note, tags)
        self._selling = False

    def start(self, engine: Engine) -> None:
        self.run("look", self._choice.look, engine)

    def on_mount(self) -> None:
        super().on_mount()
        self._tell()

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        asked, seen = self._choice.asked, self._choice.seen
        title = ["sell", seen.symbol if seen else asked.symbol, "out of which lots?"]
        title += [f"in place of {asked.replaces}"] if asked.replaces else []
        self.border_title = Content(" · ".join(title))
        wide = self.size.width > 100
        keys = "←→ take · x all · f picks · n how much · enter sells"
        more = "←→ take · c types · x all or none · f picks · n how much · t price · enter sells"
        self.border_subtitle = Content(more if wide else keys)
        if seen is None:
            words, ink = self._choice.wrong or "Asking for the lots …", "muted"
            tone = "fall" if self._choice.wrong else ink
            self.show_table([], [([(words, tone)], None)])
            return
        self.show_table(*self._table(asked, seen))

    def _table(
        self, asked: PreviewSale, seen: SalePreview
    ) -> tuple[list[Line], list[tuple[Line, object | None]]]:
        zone, hidden, width = self._shown.zone, self._shown.hidden, self.size.width - 2
        head = [
            sale_line(asked, seen, self._choice.picked, zone, hidden),
            *gain_lines(seen, width, hidden),
            left_line(seen, hidden),
        ]
        wrong = self._choice.wrong or seen.trouble
        if wrong:
            head.append([(discreet(wrong, hidden), "fall")])
        title, lines = sale_table(seen, zone, width, hidden)
        rows: list[tuple[Line, object | None]] = [*zip(lines, seen.lots, strict=True)]
        rows += [([], None), *(([(words, "muted")], None) for words in BELOW)]
        return [*head, [], title], rows

    @property
    def lot(self) -> SaleLot | None:
        """The lot one stands on, as it is taken now."""
        return self.chosen if isinstance(self.chosen, SaleLot) else None

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def on_resize(self, event: Any) -> None:
        super().on_resize(event)
        self._tell()

    def _look(self) -> None:
        engine = self.stage.engine
        if engine is not None:
            self.run("look", self._choice.look, engine)

    def _take(self, taken: Callable[[SaleLot], Decimal]) -> None:
        if self.lot is not None and not self._selling:
            self._choice.take(self.lot, taken(self.lot))
            self._look()

    def action_more(self) -> None:
        self._take(lambda lot: lot.taken + _step(lot))

    def action_less(self) -> None:
        self._take(lambda lot: lot.taken - _step(lot))

    def action_all(self) -> None:
        self._take(lambda lot: Decimal(0) if lot.taken == lot.quantity else lot.quantity)

    def action_type(self) -> None:
        lot = self.lot
        if lot is not None:
            words = f"Of lot {lot.id}, at most {discreet(quantity(lot.quantity), self._hidden)}"
            self._ask(words, lot.taken, lambda value: self._take(lambda _: value))

    def action_pick(self) -> None:
        if not self._selling:
            self._choice.pick()
            self._look()

    def action_quantity(self) -> None:
        seen = self._choice.seen
        now = None if seen is None else seen.quantity

        def told(value: Decimal) -> None:
            self._decide(replace(self._choice.asked, quantity=value, parts=()))

        self._ask("How much is sold altogether", now, told)

    def action_price(self) -> None:
        def told(value: Decimal) -> None:
            self._decide(replace(self._choice.asked, price=value, amount=None))

        self._ask("At what price a unit", self._choice.asked.price, told)

    def _decide(self, asked: PreviewSale) -> None:
        if not self._selling:
            self._choice.decide(asked)
            self._look()

    def _ask(self, words: str, now: Decimal | None, told: Callable[[Decimal], None]) -> None:
        """Ask for a figure above or at zero."""

        def answered(text: str | None) -> None:
            if not text or not text.strip():
                return
            value = number(text.strip())
            if value is None or value < 0:
                self.stage.say(f"{text.strip()[:30]} is no such figure: write 12.5", "fall")
            else:
                told(value)

        shown = "" if now is None or self._hidden else quantity(now).replace(",", "")
        self.stage.push_screen(Question(words, shown), answered)

    @property
    def _hidden(self) -> bool:
        return self._shown.hidden

    def action_sell(self) -> None:
        seen = self._choice.seen
        if seen is None or self._selling:
            return
        taken = [each for each in seen.lots if each.taken]
        if self._choice.wrong or seen.trouble:
            self.stage.say("The ledger cannot bear this sale: choose other lots.", "fall")
        elif not taken:
            self.stage.say("No lot is taken: x takes the one stood on.", "fall")
        else:
            self._confirm(seen, [each.id for each in taken])

    def _confirm(self, seen: SalePreview, lots: Sequence[str]) -> None:
        def answered(text: str | None) -> None:
            engine = self.stage.engine
            if text and text.strip().lower() in ("y", "yes") and engine is not None:
                self._selling = True
                self.stage.background("ledger", self._sell, engine)

        sold = sum((each.taken for each in seen.lots), Decimal(0))
        names = f"lot {lots[0]}" if len(lots) == 1 else f"{len(lots)} lots"
        gain = money(seen.gain, seen.currency, sign=True)
        words = f"Sell {quantity(sold)} out of {names}, realising {gain}? y or n"
        self.stage.push_screen(Question(discreet(words, self._hidden)), answered)

    async def _sell(self, engine: Engine) -> None:
        try:
            entries = await self._choice.sell(engine)
        except TioError as error:
            self._selling = False
            self.stage.say(in_words(error), "fall")
        else:
            self._sold(entries)

    def receipt(self) -> str:
        seen = self._choice.seen
        if seen is None:
            return ""
        said = f"sell {seen.quantity} {seen.symbol} at {seen.price}: gain {seen.gain}"
        said += f" {seen.currency}, short {seen.short_term}, long {seen.long_term}"
        return f"{discreet(said, self._hidden)} · preview · as of {seen.at:%Y-%m-%dT%H:%M:%SZ}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        seen = self._choice.seen
        if seen is None:
            return "", []
        names = SaleLot.__struct_fields__
        return "sale", [names, *([getattr(e, name) for name in names] for e in seen.lots)]


def _step(lot: SaleLot) -> Decimal:
    """What a key takes more or less: a unit, of small lots a tenth."""
    return ONE if lot.quantity >= TEN else lot.quantity / TEN
