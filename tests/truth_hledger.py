"""hledger's shell tests of lots and gains: what it prints beside what is booked here."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from hledger_booking import Booked, Booking
from hledger_gains import gain_report
from hledger_journals import (
    Entry,
    Journal,
    Posting,
    ShellTest,
    amount_of,
    code,
    journal_of,
    place_of,
    shell_tests,
)
from truth import Case, Differs, Figures, NoCounterpart, Verdict

from tio.api.errors import Invalid
from tio.engine.portfolio.rates import ONE_TO_ONE
from tio.engine.portfolio.tallies import total
from tio.engine.portfolio.valuing import Price, holdings

import recorded

FOLDER = "6_portfolio/hledger"
FILES = (
    "journal_gain.test",
    "journal_lots-clopen.test",
    "journal_lots-dispose-entries.test",
    "journal_lots-dispose.test.gz",
    "journal_lots-display-mode.test",
    "journal_lots-methods.test.gz",
    "journal_lots-none.test",
    "journal_lots-transfer-entries.test",
    "journal_infer-cost.test",
)
SYNTAX = "journal_costs.test.gz"
"""Of entries' costs in a file, and of nothing a ledger here knows."""
_SYNTAX = "how costs are written in a file and shown, and no lots"
HOLDINGS = "examples_lots_irr.journal"
UNBOUGHT = "examples_investing_investment-gains-balancing.journal"
_LACKING = re.compile(
    "insufficient lots|no lots available|no lots matching|need .* only|Using .IFO"
)
_REFUSED = re.compile("no transacted price")
_ROW = re.compile(r"^\s*(?P<amount>\S.*?)\s\s(?P<account>[a-z].*?)\s*$")
CENT, FINE = Decimal("0.005"), Decimal("1e-8")
ZERO = Decimal(0)


def cases() -> Iterator[tuple[str, Case]]:
    """Every command of every file, with the file's name."""
    for file in FILES:
        for number, test in enumerate(shell_tests(recorded.read_text(f"{FOLDER}/{file}")), 1):
            name = test.title or f"{number}"
            try:
                yield file, _compared(test).case(name)
            except NoCounterpart as why:
                yield file, Case(name, Verdict.foreign, 0, str(why))
            except Differs as why:
                yield file, Case(name, Verdict.differs, 0, str(why))
    yield HOLDINGS, _holdings(recorded.read_text(f"{FOLDER}/{HOLDINGS}")).case("holdings")
    yield UNBOUGHT, Case("gain of a sale", Verdict.foreign, 0, "it sells what it never bought")
    commands = shell_tests(recorded.read_text(f"{FOLDER}/{SYNTAX}"))
    for number, test in enumerate(commands, 1):
        yield SYNTAX, Case(test.title or f"{number}", Verdict.foreign, 0, _SYNTAX)


def _compared(test: ShellTest) -> Figures:
    figures, journal = Figures(), journal_of(test.journal)
    if "realised gain amount is wrong" in test.error:
        return _written_gain(figures, journal, test.error)
    booking = Booking(journal)
    if test.fails and not _LACKING.search(test.error) and not _REFUSED.search(test.error):
        raise NoCounterpart("an error in how a file is written")
    if " --gain" in test.command:
        gain_report(figures, journal, test)
        return figures
    try:
        booked = booking.booked()
    except Invalid as refused:
        figures.equal(f"refused: {refused}", test.fails, True)
        return figures
    if test.fails and "{{" in test.journal:
        raise Differs(
            "a lot named by its total cost is not found, which the test itself calls a flaw; "
            "here a lot is named by its id"
        )
    figures.equal("booked", test.fails, False)
    told = test.command.partition("-f")[2]
    if re.search(r"\bprint\b", told):
        _printed(figures, journal, booked, test.output)
        if figures.compared == 1:
            raise NoCounterpart("how entries are printed")
    elif re.search(r"\bbal\b", told):
        _balance(figures, booked, test)
    elif re.search(r"\bis\b", told):
        gain = re.search(r"revenues:gain \|\| *(\S+)", test.output)
        if gain:
            _gain(figures, gain[1], booked, 1)
    elif "check" not in told:
        raise NoCounterpart("how entries are printed")
    return figures


def _written_gain(figures: Figures, journal: Journal, error: str) -> Figures:
    """The entry says another gain than it made; so does the ledger."""
    booked = Booking(journal).booked()
    written = [
        each.amount.number
        for entry in journal.entries
        for each in entry.postings
        if each.amount and each.account.startswith(("revenue", "income"))
    ]
    ours = total(booked.books.tallies().values()).realised
    figures.equal("differs from what is written", abs(-sum(written) - ours) > CENT, True)
    if calculated := re.search(r"calculated: *(\S+)", error):
        amount = amount_of(calculated[1])
        figures.same("gain", -amount.number if amount else 0, ours)
    return figures


def _gain(figures: Figures, theirs: str, booked: Booked, sign: int) -> None:
    amount = amount_of(theirs)
    if amount is not None:
        realised = total(booked.books.tallies().values()).realised
        figures.same("gain", sign * amount.number, realised, within=Decimal("1e-12"))


def _printed(figures: Figures, journal: Journal, booked: Booked, output: str) -> None:
    """Lots that are gone and come with each entry, and its gain."""
    numbers = {(entry.day, entry.text): at for at, entry in enumerate(journal.entries)}
    for entry in journal_of(output).entries:
        at = numbers[entry.day, entry.text]
        for key, size in _lots_in(entry).items():
            account, day, cost = key
            ours = [
                number
                for (place, opened, unit), number in _moved(booked, at)
                if (place, opened) == (account, day) and (cost is None or abs(cost - unit) < FINE)
            ]
            figures.same(f"{account} {day} in {entry.text}", size, sum(ours, ZERO))
        gains = [
            each.amount.number
            for each in entry.postings
            if each.account == "equity:unrealised-gain" and each.amount
        ]
        made = sum((closing.gain for closing in booked.closed[at]), ZERO)
        if gains:
            # It rounds a gain to the decimals the entry's own money has.
            half = Decimal(1).scaleb(int(gains[0].as_tuple().exponent)) / 2
            figures.same(
                f"gain of {entry.text}",
                gains[0],
                made,
                within=half / max(abs(gains[0]), Decimal(1)),
            )
        for posting in entry.postings:
            if posting.basis and posting.basis.cost and _lost(posting) and posting.basis.day:
                units = [
                    round(c.part.cost / c.part.quantity, 8)
                    for c in booked.closed[at]
                    if f"{c.part.opened_at:%Y-%m-%d}" == posting.basis.day
                ]
                if units:
                    figures.same("unit cost", posting.basis.cost.number, units[0], within=FINE)


def _lost(posting: Posting) -> bool:
    return posting.amount is not None and posting.amount.number < 0


def _lots_in(entry: Entry) -> Counter[tuple[str, str, Decimal | None]]:
    found: Counter[tuple[str, str, Decimal | None]] = Counter()
    for each in entry.postings:
        if each.named is not None and each.amount is not None:
            cost = each.named.cost.number if each.named.cost else None
            found[each.account, each.named.day, cost] += each.amount.number  # type: ignore[assignment]
    return found


def _moved(booked: Booked, at: int) -> list[tuple[tuple[str, str, Decimal], Decimal]]:
    return [(key, Decimal(size)) for key, size in booked.moved[at].items()]


def _balance(figures: Figures, booked: Booked, test: ShellTest) -> None:
    """Open lots by account; gains, where they have accounts."""
    left = dict(_places(booked))
    for line in test.output.splitlines():
        row = _ROW.match(line)
        amount = amount_of(row["amount"]) if row else None
        if row is None or amount is None:
            continue
        account, lot = place_of(row["account"])
        if lot is not None:
            keys = [k for k in left if k[:2] == (account, lot.day)]
            keys = [k for k in keys if lot.cost is None or abs(k[2] - lot.cost.number) < CENT]
            figures.same(line.strip(), amount.number, sum((left.pop(k) for k in keys), ZERO))
        elif account in ("equity:unrealised-gain", "revenues:gain"):
            _gain(figures, row["amount"], booked, 1 if account.startswith("equity") else -1)
        elif account.startswith("assets") and code(amount.unit) not in _currencies(booked):
            ours = [n for (a, _, _), n in left.items() if a == account]
            figures.same(line.strip(), amount.number, sum(ours, ZERO))
            left = {key: n for key, n in left.items() if key[0] != account}
    shown = re.search(r" (assets\S*)", test.command)
    figures.equal("other lots", [k for k in left if not shown or k[0].startswith(shown[1])], [])


def _places(booked: Booked) -> Iterator[tuple[tuple[str, str, Decimal], Decimal]]:
    whole: Counter[tuple[str, str, Decimal]] = Counter()
    for moved in booked.moved.values():
        whole.update(moved)
    return ((key, Decimal(size)) for key, size in whole.items() if size)


def _currencies(booked: Booked) -> set[str]:
    return {currency for _, currency in booked.books.till().cash}


def _holdings(text: str) -> Figures:
    """The row of `holdings`, its returns left out."""
    booking = Booking(journal_of(text.partition("\ncomment\n")[0]))
    books = booking.booked().books
    rows = [line.split("||")[1] for line in text.splitlines() if line.startswith(" assets:")]
    names, figures = ("units", "unit cost", "price", "cost", "value", "unrealised"), Figures()
    for row in rows:
        end = datetime.fromisoformat(row.split()[0]).replace(year=9000, tzinfo=UTC)
        price = Price(booking.price(books.entries()[0].symbol, "9000"), booking.money)
        told = holdings(
            books, {books.entries()[0].symbol: price}, {booking.money: ONE_TO_ONE}, end, end
        )
        held = told.positions[0]
        ours = (
            held.quantity,
            held.average_cost,
            held.price,
            held.cost,
            held.value,
            held.unrealised,
        )
        cells = [amount_of(cell) for cell in re.findall(r"\$\S+|\d+ [A-Z]+", row)]
        for name, cell, own in zip(
            (*names, "realised"), cells, (*ours, told.realised), strict=True
        ):
            figures.same(name, cell.number if cell else 0, own or ZERO)
    return figures
