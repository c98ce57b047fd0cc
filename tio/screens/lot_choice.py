"""A sale whose lots are being chosen: what is taken of each, and what that would realise."""

import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.portfolio import Transaction
from tio.api.sales import LotPart, LotPick, PreviewSale, SaleLot, SalePreview, as_previewed
from tio.screens.following import in_words

ZERO = Decimal(0)
PICKS = {
    LotPick.fifo: "FIFO, held longest",
    LotPick.lifo: "LIFO, the newest",
    LotPick.hifo: "HIFO, lowest gain",
    LotPick.long_term: "long term first",
    LotPick.harvest: "losses only",
}


class LotChoice:
    """Every figure is the engine's; `changed` is called when there is something new to show.

    `note` and `tags` go into the entries.
    """

    def __init__(
        self,
        asked: PreviewSale,
        changed: Callable[[], None],
        note: str = "",
        tags: tuple[str, ...] = (),
    ) -> None:
        self.asked = asked
        self.seen: SalePreview | None = None
        self.wrong = ""
        self._changed, self._note, self._tags = changed, note, tags
        self._key = uuid.uuid4().hex

    @property
    def picked(self) -> str:
        """How the lots came to be taken, in words."""
        if self.asked.parts:
            return "picked by hand"
        if self.asked.pick is not None:
            return PICKS[self.asked.pick]
        return f"by the rule, {self.seen.rule.value}" if self.seen is not None else ""

    def decide(self, asked: PreviewSale) -> None:
        """Another sale than the one seen."""
        self.asked, self._key = asked, uuid.uuid4().hex
        self._changed()

    async def look(self, engine: Engine) -> None:
        """What it would realise as it is chosen now."""
        asked = self.asked
        if self.seen is not None and not asked.parts and asked.quantity == ZERO:
            self.seen = _none_taken(self.seen)
        else:
            try:
                self.seen, self.wrong = await engine.ask(asked), ""
            except TioError as error:
                self.wrong = in_words(error)
        self._changed()

    def take(self, lot: SaleLot, quantity: Decimal) -> None:
        """So much of a lot, between none and all of it; of the others as much as now."""
        if self.seen is None:
            return
        taken = min(max(quantity, ZERO), lot.quantity)
        lots = tuple(
            replace(each, taken=taken) if each.id == lot.id else each for each in self.seen.lots
        )
        # Shown at once, so that the next key goes on from it; what it realises is asked.
        self.seen = replace(self.seen, lots=lots)
        parts = tuple(LotPart(each.id, each.taken) for each in lots if each.taken)
        quantity = sum((part.quantity for part in parts), ZERO)
        self.decide(replace(self.asked, parts=parts, pick=None, quantity=quantity))

    def pick(self) -> None:
        """As much as now, by the next pick."""
        picks: Sequence[LotPick] = list(PICKS)
        at = picks.index(self.asked.pick) + 1 if self.asked.pick in picks else 0
        quantity = self.asked.quantity or None
        following = picks[at % len(picks)]
        self.decide(replace(self.asked, parts=(), pick=following, quantity=quantity))

    async def sell(self, engine: Engine) -> tuple[Transaction, ...]:
        """Enter it as it was seen. TioError."""
        assert self.seen is not None
        asked = as_previewed(self.asked, self.seen, self._note, self._tags)
        return await engine.ask(asked, key=self._key)


def _none_taken(seen: SalePreview) -> SalePreview:
    """As seen, with no lot taken: nothing is sold and nothing realised."""
    lots = tuple(replace(each, taken=ZERO, taken_gain=ZERO) for each in seen.lots)
    return replace(
        seen,
        lots=lots,
        quantity=ZERO,
        lacks=ZERO,
        proceeds=ZERO,
        gain=ZERO,
        short_term=ZERO,
        long_term=ZERO,
        currency_gain=ZERO,
        wash=False,
        left=sum((each.quantity for each in lots), ZERO),
        left_cost=sum((each.cost for each in lots), ZERO),
        trouble="",
    )
