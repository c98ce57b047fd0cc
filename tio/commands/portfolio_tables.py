"""How portfolios, positions, lots, gains and entries print."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from tio.api.errors import Invalid, NotFound
from tio.api.explained import Explanation
from tio.api.ledger import Change, Gains, ListPortfolios
from tio.api.portfolio import Account, Holdings, Lot, LotRule, Portfolio, Transaction
from tio.commands.ledger_days import day
from tio.commands.printing import print_csv, print_table, say
from tio.draw.amounts import money, percent, quantity, unit_price

_RIGHT = frozenset(
    {
        *("ENTRIES", "QTY", "AVG COST", "LAST", "VALUE", "WEIGHT", "DAY", "UNREALISED", "GAIN%"),
        *("COST", "UNIT", "PROCEEDS", "GAIN", "DAYS", "PRICE", "AMOUNT", "FEE", "TAX", "NO"),
    }
)
_ENTRY = (
    *("id", "date", "kind", "symbol", "quantity", "price", "amount", "fee", "tax", "currency"),
    *("rate", "account", "to_account", "to_amount", "to_currency", "into", "cost_share", "short"),
    *("lot", "note", "tags", "reference", "version"),
)


def chosen(name: str, workspace: str) -> str:
    """The portfolio that is meant: the one named, the only one, or the one called main."""
    if name:
        return name
    from tio.commands.asking import ask

    names = [each.name for each in ask(ListPortfolios(), workspace)]
    if not names:
        raise NotFound("there is no portfolio yet", "`tio portfolio create main USD` makes one")
    if len(names) == 1 or "main" in names:
        return names[0] if len(names) == 1 else "main"
    raise Invalid(f"there are {len(names)} portfolios", f"name one with -p: {', '.join(names)}")


def rule_named(name: str) -> LotRule:
    """The rule for lots; Invalid."""
    try:
        return LotRule(name.lower())
    except ValueError:
        raise Invalid(
            f"there is no rule for lots {name[:20]!r}", f"one of {' '.join(LotRule)}"
        ) from None


def accounts_named(words: Sequence[str]) -> tuple[Account, ...]:
    """Accounts as NAME=RULE; Invalid."""
    told = [word.partition("=") for word in words]
    return tuple(
        Account(name=name.strip(), lots=rule_named(rule) if rule else None)
        for name, _, rule in told
    )


def print_portfolios(found: Sequence[Portfolio], *, csv: bool) -> None:
    header = ("PORTFOLIO", "CURRENCY", "LOTS", "ZONE", "ENTRIES")
    rows = [(p.name, p.currency, p.lots.value, p.zone, str(p.entries)) for p in found]
    if csv:
        print_csv([name.lower() for name in header], rows)
    elif rows:
        print_table(header, rows, _RIGHT)
    else:
        say("no portfolio yet; `tio portfolio create main USD` makes one")


def print_holdings(held: Holdings, *, csv: bool) -> None:
    """Positions, cash, and the sums by which the worth came about."""
    if csv:
        _csv_positions(held)
        return
    header = (
        *("SYMBOL", "QTY", "AVG COST", "LAST", "VALUE", "WEIGHT", "DAY", "UNREALISED"),
        *("GAIN%", "SOURCE"),
    )
    rows = [
        (
            each.symbol,
            quantity(each.quantity),
            unit_price(each.average_cost),
            ("~" if each.stale else "") + unit_price(each.price),
            money(each.value, held.currency),
            percent(each.weight, Decimal(1), sign=False),
            money(each.day_change, held.currency, sign=True),
            money(each.unrealised, held.currency, sign=True),
            percent(each.unrealised, each.base_cost),
            each.source,
        )
        for each in held.positions
    ]
    rows += [
        (
            f"cash {each.currency}",
            money(each.amount, each.currency),
            "",
            unit_price(each.rate) if each.currency != held.currency else "",
            money(each.value, held.currency),
            percent(each.value, held.nav, sign=False),
            *("", "", "", ""),
        )
        for each in held.cash
    ]
    if rows:
        print_table(header, rows, _RIGHT)
        print()
    _print_sums(held)


def _print_sums(held: Holdings) -> None:
    about = "~" if held.stale_share else ""
    print(f"{held.portfolio}  {about}{money(held.nav, held.currency)} {held.currency}")
    sums = (
        ("put in", held.flows),
        ("realised", held.realised),
        ("unrealised", held.unrealised),
        ("income", held.income),
        ("fees outside lots", -held.fees),
        ("taxes", -held.taxes),
        ("currency on cash", held.currency_result),
        ("carried with transfers", held.carried),
        ("day", held.day_change),
    )
    for name, amount in sums:
        if amount or name in ("put in", "realised", "unrealised"):
            print(f"  {name:<24}{money(amount, held.currency, sign=name != 'put in'):>20}")
    if held.stale_share:
        say(f"{held.stale_share:.0%} of it stands on stale prices or rates (~)")
    if held.lacks:
        say(f"its worth is not known for want of: {', '.join(held.lacks)}")


def _csv_positions(held: Holdings) -> None:
    names = (
        *("symbol", "quantity", "currency", "average_cost", "cost", "base_cost", "price", "rate"),
        *("value", "weight", "day_change", "unrealised", "price_gain", "currency_gain"),
        *("realised", "income", "fees", "taxes", "stale", "as_of", "source"),
    )
    rows = [[_plain(getattr(each, name)) for name in names] for each in held.positions]
    for each in held.cash:
        cells = {"symbol": f"cash {each.currency}", "quantity": _plain(each.amount)}
        cells |= {"currency": each.currency, "rate": _plain(each.rate)}
        cells |= {"value": _plain(each.value), "stale": str(each.stale)}
        rows.append([cells.get(name, "") for name in names])
    print_csv(names, rows)


def print_lots(found: Sequence[Lot], zone: tzinfo, *, csv: bool) -> None:
    header = ("LOT", "SYMBOL", "ACCOUNT", "OPENED", "QTY", "UNIT", "COST", "CURRENCY")
    rows = [
        (
            lot.id,
            lot.symbol,
            lot.account,
            day(lot.opened_at, zone),
            _plain(lot.quantity) if csv else quantity(lot.quantity),
            _plain(lot.cost / lot.quantity) if csv else unit_price(lot.cost / lot.quantity),
            _plain(lot.cost) if csv else money(lot.cost, lot.currency),
            lot.currency,
        )
        for lot in found
    ]
    _print(header, rows, csv, "nothing is held")


def print_gains(found: Gains, zone: tzinfo, *, csv: bool) -> None:
    header = (
        *("SYMBOL", "LOT", "OPENED", "CLOSED", "DAYS", "QTY", "PROCEEDS", "COST", "GAIN"),
        "WASH",
    )
    rows = [
        (
            each.symbol,
            each.lot,
            day(each.opened_at, zone),
            day(each.closed_at, zone),
            str(each.held_days),
            _plain(each.quantity) if csv else quantity(each.quantity),
            *(
                _plain(amount) if csv else money(amount, found.currency)
                for amount in (each.proceeds, each.cost, each.gain)
            ),
            "possible" if each.wash else "",
        )
        for each in found.gains
    ]
    _print(header, rows, csv, "nothing was closed")
    if rows and not csv:
        short, long = (money(s, found.currency) for s in (found.short_term, found.long_term))
        say(f"short-term {short}, long-term {long} {found.currency}; this is no tax report")


def print_transactions(found: Sequence[Transaction], zone: tzinfo, *, csv: bool) -> None:
    if csv:
        rows = [[_plain(_field(each, name)) for name in _ENTRY] for each in found]
        print_csv(_ENTRY, rows)
        return
    header = ("ID", "DATE", "KIND", "SYMBOL", "QTY", "PRICE", "AMOUNT", "FEE", "TAX", "CUR", "NOTE")
    table = [
        (
            each.id,
            day(each.at, zone),
            each.kind.value,
            each.symbol,
            quantity(each.quantity) if each.quantity is not None else "",
            unit_price(each.price) if each.price is not None else "",
            money(each.amount, each.currency) if each.amount is not None else "",
            money(each.fee, each.currency) if each.fee else "",
            money(each.tax, each.currency) if each.tax else "",
            each.currency,
            each.note,
        )
        for each in found
    ]
    _print(header, table, False, "no entries")


def print_changes(found: Sequence[Change], *, csv: bool) -> None:
    header = ("NO", "WHEN", "ENTRIES", "WHAT", "UNDONE")
    rows = [
        (
            str(each.number),
            f"{each.made_at:%Y-%m-%d %H:%M}",
            str(each.entries),
            each.what,
            "" if each.undone_by is None else f"by {each.undone_by}",
        )
        for each in found
    ]
    _print(header, rows, csv, "nothing was done yet")


def print_explanation(told: Explanation, *, csv: bool) -> None:
    """The rule, each part with how it was reckoned, and the sum."""
    header = ("PART", "AMOUNT", "WORKING", "ENTRY", "SOURCE")
    rows = [
        (
            part.label,
            _plain(part.value) if csv else money(part.value, told.currency, sign=True),
            part.working,
            part.entry,
            f"{'~' if part.stale else ''}{part.source}",
        )
        for part in told.parts
    ]
    if csv:
        print_csv([name.lower() for name in header], rows)
        return
    value = money(told.value, told.currency) if told.currency else quantity(told.value)
    print(f"{told.figure} {value} {told.currency}".rstrip())
    say(told.rule)
    if rows:
        print_table(header, rows, _RIGHT)
    if told.lacks:
        say(f"not known for want of: {', '.join(told.lacks)}")


def words_of(entry: Transaction, zone: tzinfo) -> str:
    """An entry in one line, as it was booked, by the dates of a zone."""
    parts = [day(entry.at, zone), entry.kind.value.replace("_", " ")]
    if entry.quantity is not None:
        parts.append(quantity(entry.quantity))
    if entry.symbol:
        parts.append(entry.symbol)
    if entry.price is not None:
        parts.append(f"at {unit_price(entry.price)} {entry.currency}")
    if entry.amount is not None:
        parts.append(f"{money(entry.amount, entry.currency)} {entry.currency}")
    if entry.to_amount is not None:
        parts.append(f"to {money(entry.to_amount, entry.to_currency)} {entry.to_currency}")
    for name, text in (("into", entry.into), ("from", entry.account), ("to", entry.to_account)):
        if text and (name != "from" or entry.to_account):
            parts.append(f"{name} {text}")
    if entry.fee:
        parts.append(f"fee {money(entry.fee, entry.currency)}")
    if entry.tax:
        parts.append(f"tax {money(entry.tax, entry.currency)}")
    if entry.rate is not None and entry.rate != 1:
        parts.append(f"rate {entry.rate:f}")
    return " ".join(parts)


def _print(header: Sequence[str], rows: Sequence[Sequence[str]], csv: bool, nothing: str) -> None:
    if csv:
        print_csv([name.lower() for name in header], rows)
    elif rows:
        print_table(header, rows, _RIGHT)
    else:
        say(nothing)


def _field(entry: Transaction, name: str) -> object:
    match name:
        case "date":
            return entry.at
        case "tags":
            return " ".join(entry.tags)
    return getattr(entry, name)


def _plain(value: object) -> str:
    """A value without ornament, for programs."""
    match value:
        case None:
            return ""
        case Decimal():
            text = f"{value:f}"
            return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
        case datetime():
            return value.isoformat()
    return str(value)
