"""How income and proposals print."""

from decimal import Decimal

from tio.api.income import ExpectedIncome, Income, Received
from tio.api.proposals import Proposals
from tio.commands.printing import print_csv, print_table, say
from tio.draw.amounts import money, quantity

_SUMS = ("DIVIDENDS", "COUPONS", "INTEREST", "GROSS", "FEES", "TAXES", "NET")
_RIGHT = frozenset(
    {*_SUMS, "12 MONTHS", "ON COST", "ON VALUE", "QTY", "A SHARE", "AMOUNT", "VALUE"}
)


def print_income(told: Income, *, csv: bool) -> None:
    """Months, symbols, the last twelve months, then what is expected."""
    if csv:
        header = ["month", *(name.lower() for name in _SUMS)]
        print_csv(header, ([f"{m.month:%Y-%m}", *_exact(m.received)] for m in told.months))
        return
    code = told.currency
    if told.months:
        rows = [(f"{m.month:%Y-%m}", *_money(m.received, code)) for m in told.months]
        rows.append(("sum", *_money(told.received, code)))
        print_table(("MONTH", *_SUMS), rows, _RIGHT)
        print()
        symbols = [
            (
                each.symbol or "cash",
                *_money(each.received, code),
                money(each.trailing, code),
                percent(each.yield_on_cost),
                percent(each.yield_on_value),
            )
            for each in told.symbols
        ]
        print_table(("SYMBOL", *_SUMS, "12 MONTHS", "ON COST", "ON VALUE"), symbols, _RIGHT)
    else:
        say("no income in this time")
    print()
    year = told.trailing
    print(f"12 months: gross {money(year.gross, code)}, net {money(year.net, code)} {code}")
    if told.expected:
        print()
        head = ("DAY", "SYMBOL", "QTY", "A SHARE", "AMOUNT", "WHY")
        print_table(head, [_row(each, code) for each in told.expected], _RIGHT)
        announced = sum((month.announced for month in told.ahead), Decimal(0))
        estimated = sum((month.estimated for month in told.ahead), Decimal(0))
        print()
        print(f"to come: announced {money(announced, code)}, ~{money(estimated, code)} {code}")
    for lack in told.lacks:
        say(f"not known: {lack}")


def print_proposals(told: Proposals, *, csv: bool) -> None:
    """What is proposed, then what was dismissed, what is doubled, what nobody tells."""
    if csv:
        header = ("id", "symbol", "ex_date", "account", "quantity", "value", "what", "source")
        rows = [
            [getattr(each, name) for name in header] for each in (*told.proposals, *told.dismissed)
        ]
        states = ["proposed"] * len(told.proposals) + ["dismissed"] * len(told.dismissed)
        print_csv((*header, "state"), [[*r, s] for r, s in zip(rows, states, strict=True)])
        return
    if told.proposals:
        lines = [
            (
                each.id,
                quantity(each.quantity),
                money(each.value, told.currency) if each.value is not None else "",
                f"cannot be booked: {each.refusal}" if each.refusal else each.what,
                each.source,
            )
            for each in told.proposals
        ]
        print_table(("ID", "QTY", "VALUE", "WHAT IT CHANGES", "SOURCE"), lines, _RIGHT)
    else:
        say("nothing is proposed")
    for each in told.dismissed:
        say(f"dismissed: {each.id}; --restore {each.id} proposes it again")
    for double in told.doubles:
        say(f"doubled: {double.what}")
    if told.untold:
        say(f"no source tells the events of {', '.join(told.untold)}")


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _row(each: ExpectedIncome, code: str) -> tuple[str, ...]:
    mark = "~" if each.estimated else ""
    return (
        str(each.day),
        each.symbol,
        quantity(each.quantity),
        f"{quantity(each.per_share)} {each.currency}",
        mark + money(each.amount, code),
        each.why,
    )


def _money(sums: Received, code: str) -> tuple[str, ...]:
    return tuple(money(getattr(sums, name.lower()), code) for name in _SUMS)


def _exact(sums: Received) -> list[object]:
    return [getattr(sums, name.lower()) for name in _SUMS]
