"""hledger journals booked as a ledger: each entry's lot postings as buys, sells and transfers."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from hledger_journals import Amount, Entry, Journal, Posting, code
from hledger_lots import LotKey, meant, places
from ledgers import KIND
from truth import NoCounterpart

from tio.api.portfolio import Account, LotRule, Portfolio, Transaction, TransactionKind
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.entries import sound

ZERO = Decimal(0)
_RULES = {"FIFO", "LIFO", "HIFO", "AVERAGE"}
_GAINS = ("revenue", "income", "equity:unrealised", "capital gain")


@dataclass
class Booked:
    """What came of each entry of a journal: what it closed, and how lots by place changed."""

    books: Books
    closed: dict[int, list[Closing]] = field(default_factory=dict)
    moved: dict[int, Counter[LotKey]] = field(default_factory=dict)


class Booking:
    """Books a journal entry by entry, as a lot that is meant is found among those then held."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        postings = [each for entry in journal.entries for each in entry.postings]
        self.lotted = journal.declared | {
            each.amount.unit for each in postings if each.amount and (each.basis or each.price)
        }
        self.money = self._money(postings)
        accounts = dict.fromkeys(each.account for each in postings)
        self.portfolio = Portfolio(
            name="main",
            currency=self.money,
            lots=self._commodity_rule(),
            accounts=tuple(Account(name=name, lots=self._rule(name)) for name in accounts),
        )
        self.number = 0

    def booked(self) -> Booked:
        """All of it; Invalid where an entry cannot be."""
        books = Books(self.portfolio, ())
        told = Booked(books)
        for number, entry in enumerate(self.journal.entries):
            before, closed = places(books), len(books.closings())
            for each in self._entries(books, entry):
                for one in each:
                    books = books.changed((), [sound(one)])
            told.closed[number] = books.closings()[closed:]
            change = Counter(places(books))
            change.subtract(before)
            told.moved[number] = Counter({key: size for key, size in change.items() if size})
        told.books = books
        return told

    def _money(self, postings: list[Posting]) -> str:
        costs = [e.basis.cost if e.basis and e.basis.cost else e.price for e in postings]
        units = [each.unit for each in costs if each is not None]
        units += [e.amount.unit for e in postings if e.amount and e.amount.unit not in self.lotted]
        if not units:
            raise NoCounterpart("no money is in it")
        return code(units[0])

    def _commodity_rule(self) -> LotRule:
        told = {self.journal.methods[name] for name in self.journal.declared}
        return self._known(told.pop()) if told else LotRule.fifo

    def _rule(self, account: str) -> LotRule | None:
        """Of the nearest account above it that says one."""
        parts = account.split(":")
        for length in range(len(parts), 0, -1):
            name = ":".join(parts[:length])
            if name in self.journal.methods:
                return self._known(self.journal.methods[name])
        return None

    def _known(self, method: str) -> LotRule:
        if method.endswith("ALL"):
            raise NoCounterpart("a method over all accounts together; here lots are an account's")
        if method == "NONE":
            raise NoCounterpart("accounts without lots; here every holding has them")
        if method not in _RULES:
            raise NoCounterpart("how a method is spelt")
        return LotRule(method.lower())

    def _entries(self, books: Books, entry: Entry) -> list[list[Transaction]]:
        lotted = [self._filled(books, e) for e in entry.postings if self._is_lotted(e)]
        if not lotted and any(
            p.amount and code(p.amount.unit) != self.money for p in entry.postings
        ):
            return []
        gone = [p for p in lotted if p.amount and p.amount.number < 0]
        come = [p for p in lotted if p.amount and p.amount.number > 0]
        if gone and come:
            return [self._moves(books, entry, gone, come)]
        paid = self._paid(entry)
        if come and not gone:
            return [[self._buy(entry, each, paid, len(come))] for each in come]
        return [self._sells(books, entry, each, paid, len(gone)) for each in gone]

    def _is_lotted(self, posting: Posting) -> bool:
        if posting.amount is None:
            return posting.left is not None and posting.left.unit in self.lotted
        return posting.amount.unit in self.lotted

    def _filled(self, books: Books, posting: Posting) -> Posting:
        """With its amount, where only what it leaves is told."""
        if posting.amount is not None or posting.left is None:
            return posting
        held = sum((h.lot.quantity for h in books.held() if h.account == posting.account), ZERO)
        change = Amount(posting.left.number - held, posting.left.unit)
        return Posting(posting.account, change, posting.basis, posting.named)

    def _paid(self, entry: Entry) -> Decimal | None:
        """The money that changed hands, gains left out; None where it is not told."""
        amounts = [
            each.amount.number
            for each in entry.postings
            if each.amount is not None
            and code(each.amount.unit) == self.money
            and not each.account.startswith(_GAINS)
            and each.account not in self.journal.gains
        ]
        return abs(sum(amounts, ZERO)) if amounts else None

    def _buy(
        self, entry: Entry, posting: Posting, paid: Decimal | None, shared: int
    ) -> Transaction:
        amount = _amount(posting)
        basis = posting.basis or posting.named
        cost: Decimal | None = None
        if basis is not None and basis.cost is not None:
            cost = basis.cost.number * (1 if basis.total else amount.number)
        elif posting.price is not None:
            cost = posting.price.number * (1 if posting.whole_price else amount.number)
        elif paid is not None:
            if shared > 1:
                raise NoCounterpart("money shared between postings is filled in")
            cost = paid
        if basis is not None and basis.day and basis.day != entry.day:
            # Lots that come from elsewhere keep the date they name.
            return self._made(KIND.transfer_in, posting, amount.number, basis.day, amount=cost)
        currency = self.money
        if posting.price is not None and (basis is None or basis.cost is None):
            currency = code(posting.price.unit)
        return self._made(
            KIND.buy, posting, amount.number, entry.day, amount=cost, currency=currency
        )

    def _sells(
        self, books: Books, entry: Entry, posting: Posting, paid: Decimal | None, shared: int
    ) -> list[Transaction]:
        whole = abs(_amount(posting).number)
        price: Decimal | None = None
        if posting.price is not None:
            price = posting.price.number * (1 if posting.whole_price else whole)
        elif paid is not None and shared == 1:
            price = paid
        given = any(p.amount is None and p.account.startswith("equity") for p in entry.postings)
        bare = posting.basis is None and posting.named is None
        kind = KIND.transfer_out if price is None and (bare or given) else KIND.sell
        made = []
        for lot, size in meant(books, posting, whole):
            part = None if price is None else price * size / whole
            made.append(self._made(kind, posting, size, entry.day, amount=part, lot=lot))
        return made

    def _moves(
        self, books: Books, entry: Entry, gone: list[Posting], come: list[Posting]
    ) -> list[Transaction]:
        """From one account to another; what an account of expenses gets has left the ledger."""
        if any(p.price is not None for p in (*gone, *come)):
            raise NoCounterpart("a price on a transfer, or a fee paid in shares")
        if sum((_amount(p).number for p in (*gone, *come)), ZERO):
            raise NoCounterpart("lots that come and go in one entry and are not the same")
        if any(p.basis and (p.basis.day or p.basis.label) for p in come):
            raise NoCounterpart("the lot a transfer is said to arrive as is checked")
        costs = {p.basis.cost.number for p in (*gone, *come) if p.basis and p.basis.cost}
        if len(costs) > 1:
            raise NoCounterpart("the lot a transfer is said to arrive as is checked")
        made, waiting = [], [(each.account, _amount(each).number) for each in come]
        for posting in gone:
            for lot, size in meant(books, posting, abs(_amount(posting).number)):
                while size:
                    account, room = waiting.pop(0)
                    part = min(size, room)
                    left = account.startswith("expenses")
                    made.append(
                        self._made(
                            KIND.transfer_out,
                            posting,
                            part,
                            entry.day,
                            lot=lot,
                            to_account="" if left else account,
                        )
                    )
                    size -= part
                    if room > part:
                        waiting.insert(0, (account, room - part))
        return made

    def _made(
        self,
        kind: TransactionKind,
        posting: Posting,
        quantity: Decimal,
        day: str,
        amount: Decimal | None = None,
        currency: str = "",
        lot: str = "",
        to_account: str = "",
    ) -> Transaction:
        self.number += 1
        currency = currency or self.money
        return Transaction(
            id=f"e{self.number}",
            kind=kind,
            at=datetime.fromisoformat(day).replace(tzinfo=UTC),
            account=posting.account,
            symbol=_amount(posting).unit,
            quantity=quantity,
            amount=amount,
            currency=currency,
            rate=self.rate(currency, day),
            lot=lot,
            to_account=to_account,
            position=self.number,
        )

    def rate(self, currency: str, day: str) -> Decimal:
        """Of the last market price until that day."""
        if currency == self.money:
            return Decimal(1)
        return self.price(currency, day)

    def price(self, symbol: str, day: str) -> Decimal:
        known = [p for p in self.journal.prices if code(p[1]) == code(symbol) and p[0] <= day]
        return max(known, key=lambda price: price[0])[2].number


def _amount(posting: Posting) -> Amount:
    if posting.amount is None:
        raise NoCounterpart("filling in amounts a file leaves out")
    return posting.amount
