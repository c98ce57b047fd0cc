"""One symbol, with what was spun off from it, booked entry by entry.

Entries of different symbols touch nothing in common but sums: a strand is booked by itself, and
when an entry of it changes, it alone is booked anew.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction, TransactionKind
from tio.engine.portfolio.closings import Closing, closed
from tio.engine.portfolio.lots import Inventory, OpenLot
from tio.engine.portfolio.money import EXACT, ZERO, share
from tio.engine.portfolio.sums import HeldSum, summed
from tio.engine.portfolio.tallies import Tally, Till
from tio.engine.portfolio.terms import Terms, terms

RuleOf = Callable[[str], LotRule]
"""The rule of an account."""


class Unbooked(Invalid):
    """An entry that cannot be booked as what came before it stands."""

    def __init__(self, entry: Transaction, message: str, next: str = "") -> None:
        super().__init__(message, next)
        self.entry = entry


class Strand:
    """Lots, gains and sums of some symbols' entries; `""` is the strand of mere cash."""

    def __init__(self, rule: RuleOf, zone: ZoneInfo) -> None:
        self.inventories: dict[tuple[str, str], Inventory] = {}
        """By symbol and account."""
        self.closings: list[Closing] = []
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.till = Till()
        self._rule = rule
        self._zone = zone

    def book(self, entries: Sequence[Transaction]) -> None:
        """Take entries in the order of their time.

        Raises Unbooked at the first that cannot be, named by its day; the strand is then of no use.
        """
        with localcontext(EXACT):
            for entry in entries:
                try:
                    _BOOKED[entry.kind](self, terms(entry))
                except Invalid as error:
                    day = entry.at.astimezone(self._zone).date()
                    what = f"the {entry.kind.value} of {entry.symbol or entry.currency} on {day}"
                    raise Unbooked(entry, f"{what}: {error.message}", error.next) from None

    @cached_property
    def sums(self) -> dict[str, HeldSum]:
        """What open lots come to, by symbol; asked for once all is booked."""
        with localcontext(EXACT):
            return summed(self.inventories)

    def inventory(self, symbol: str, account: str) -> Inventory:
        """The lots of a symbol in an account, to be changed."""
        key = symbol, account
        if key not in self.inventories:
            self.inventories[key] = Inventory()
        return self.inventories[key]

    def _buy(self, said: Terms) -> None:
        paid = said.gross + said.fee
        self._trade(said, self.inventory(said.symbol, said.account), said.quantity, paid)
        self._pay(said, -paid - said.tax)
        self._burden(said)

    def _sell(self, said: Terms) -> None:
        brought = said.gross - said.fee
        inventory = self.inventory(said.symbol, said.account)
        if said.quantity > inventory.quantity and not said.entry.short:
            raise Invalid(
                f"{said.quantity} sold, and {max(inventory.quantity, ZERO)} held",
                "set short to sell what is not held",
            )
        self._trade(said, inventory, -said.quantity, -brought)
        self._pay(said, brought - said.tax)
        self._burden(said)

    def _burden(self, said: Terms) -> None:
        """Fee and tax of a trade: the fee is in the lots."""
        tally = self.tallies[said.symbol]
        if said.tax:
            tally.taxes += said.tax * said.rate
        if said.fee:
            tally.lot_fees += said.fee * said.rate

    def _trade(self, said: Terms, inventory: Inventory, quantity: Decimal, paid: Decimal) -> None:
        """Close what stands the other way, then open the rest; `paid` below zero was received."""
        held = inventory.quantity
        if held * quantity < 0:
            closing = quantity if abs(quantity) <= abs(held) else -held
            spent = share(paid, closing, quantity)
            self._close(said, inventory, -closing, -spent)
            quantity, paid = quantity - closing, paid - spent
        if quantity:
            lot = OpenLot(said.id, said.at, quantity, paid, said.currency, paid * said.rate)
            inventory.put(lot)

    def _close(
        self, said: Terms, inventory: Inventory, quantity: Decimal, proceeds: Decimal
    ) -> None:
        tally = self.tallies[said.symbol]
        for part in inventory.take(quantity, self._rule(said.account), said.entry.lot):
            own = share(proceeds, part.quantity, quantity)
            quantity, proceeds = quantity - part.quantity, proceeds - own
            closing = closed(part, said, own)
            self.closings.append(closing)
            tally.realised += closing.gain

    def _cash_in(self, said: Terms) -> None:
        self._pay(said, said.gross - said.fee - said.tax)
        self._charge(said)
        self.tallies[""].flows += said.gross * said.rate

    def _cash_out(self, said: Terms) -> None:
        self._pay(said, -said.gross - said.fee - said.tax)
        self._charge(said)
        self.tallies[""].flows -= said.gross * said.rate

    def _income(self, said: Terms) -> None:
        self._pay(said, said.gross - said.fee - said.tax)
        self._charge(said)
        self.tallies[said.symbol].income += said.gross * said.rate

    def _fee(self, said: Terms) -> None:
        self._pay(said, -said.gross - said.fee - said.tax)
        self._charge(said)
        self.tallies[said.symbol].fees += said.gross * said.rate

    def _tax(self, said: Terms) -> None:
        self._pay(said, -said.gross - said.fee - said.tax)
        self._charge(said)
        self.tallies[said.symbol].taxes += said.gross * said.rate

    def _split(self, said: Terms) -> None:
        for account in self._where(said):
            self.inventory(said.symbol, account).rescale(said.quantity)

    def _spin_off(self, said: Terms) -> None:
        for account in self._where(said):
            held, into = (
                self.inventory(said.symbol, account),
                self.inventory(said.entry.into, account),
            )
            kept = []
            for lot in held:
                off = lot.spun_off(said.id, said.quantity, said.entry.cost_share or ZERO)
                into.put(off)
                kept.append(
                    replace(lot, cost=lot.cost - off.cost, base_cost=lot.base_cost - off.base_cost)
                )
            held.replaced(kept)

    def _where(self, said: Terms) -> list[str]:
        """The accounts an event of an instrument reaches: its own, or all where none is named."""
        accounts = [account for symbol, account in self.inventories if symbol == said.symbol]
        return [each for each in accounts if not said.account or each == said.account]

    def _return_of_capital(self, said: Terms) -> None:
        """Money back lowers what lots cost, each by its quantity; beyond that it is a gain."""
        self._pay(said, said.gross - said.fee - said.tax)
        self._charge(said)
        tally = self.tallies[said.symbol]
        inventory = self.inventory(said.symbol, said.account)
        held, left = inventory.quantity, said.gross
        if held <= 0:
            raise Invalid("nothing of it was held", "enter it as a dividend")
        if self._rule(said.account) is LotRule.average:
            inventory.level()
        kept = []
        for lot in inventory:
            own = share(left, lot.quantity, held)
            held, left = held - lot.quantity, left - own
            base = min(own * said.rate, max(lot.base_cost, ZERO))
            cost = min(own, max(lot.cost, ZERO)) if lot.currency == said.currency else ZERO
            kept.append(replace(lot, cost=lot.cost - cost, base_cost=lot.base_cost - base))
            tally.realised += own * said.rate - base
        inventory.replaced(kept)

    def _transfer_in(self, said: Terms) -> None:
        if not said.symbol:
            self._cash_in(said)
            return
        price = said.price
        worth = said.gross
        cost = worth if price is None else price * said.quantity
        lot = OpenLot(said.id, said.at, said.quantity, cost, said.currency, cost * said.rate)
        self.inventory(said.symbol, said.account).put(lot)
        tally = self.tallies[said.symbol]
        tally.flows += worth * said.rate
        tally.carried += (cost - worth) * said.rate
        self._pay(said, -said.fee - said.tax)
        self._charge(said)

    def _transfer_out(self, said: Terms) -> None:
        if said.entry.to_account:
            self._move(said)
            return
        if not said.symbol:
            self._cash_out(said)
            return
        held = self.inventory(said.symbol, said.account)
        parts = held.take(said.quantity, self._rule(said.account), said.entry.lot)
        base_cost = sum((part.base_cost for part in parts), ZERO)
        told = said.entry.amount is not None or said.entry.price is not None
        worth = said.gross * said.rate if told else base_cost
        tally = self.tallies[said.symbol]
        tally.flows -= worth
        tally.carried += worth - base_cost
        self._pay(said, -said.fee - said.tax)
        self._charge(said)

    def _move(self, said: Terms) -> None:
        """From one account to another of the same portfolio: no flow, no gain, the same lots."""
        self._pay(said, -said.fee - said.tax)
        self._charge(said)
        if not said.symbol:
            book = said.gross * said.rate
            self.till.pay(said.account, said.currency, -said.gross, -book)
            self.till.pay(said.entry.to_account, said.currency, said.gross, book)
            return
        held = self.inventory(said.symbol, said.account)
        into = self.inventory(said.symbol, said.entry.to_account)
        for part in held.take(said.quantity, self._rule(said.account), said.entry.lot):
            into.put(part)

    def _exchange(self, said: Terms) -> None:
        """Cash of one currency for cash of another; what it was booked at goes along."""
        self._pay(said, -said.gross - said.fee - said.tax)
        self._charge(said)
        currency, got = said.received
        self.till.pay(said.account, currency, got, said.gross * said.rate)

    def _pay(self, said: Terms, amount: Decimal) -> None:
        if amount:
            self.till.pay(said.account, said.currency, amount, amount * said.rate)

    def _charge(self, said: Terms) -> None:
        """Fee and tax of an entry that opens and closes no lot."""
        tally = self.tallies[said.symbol]
        tally.fees += said.fee * said.rate
        tally.taxes += said.tax * said.rate


_BOOKED: dict[TransactionKind, Callable[[Strand, Terms], None]] = {
    TransactionKind.buy: Strand._buy,
    TransactionKind.sell: Strand._sell,
    TransactionKind.deposit: Strand._cash_in,
    TransactionKind.withdrawal: Strand._cash_out,
    TransactionKind.dividend: Strand._income,
    TransactionKind.interest: Strand._income,
    TransactionKind.fee: Strand._fee,
    TransactionKind.tax: Strand._tax,
    TransactionKind.splits: Strand._split,
    TransactionKind.transfer_in: Strand._transfer_in,
    TransactionKind.transfer_out: Strand._transfer_out,
    TransactionKind.spin_off: Strand._spin_off,
    TransactionKind.return_of_capital: Strand._return_of_capital,
    TransactionKind.exchange: Strand._exchange,
}
