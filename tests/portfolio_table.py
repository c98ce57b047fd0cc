"""The page on the ledger's truth, from a run: `PYTHONPATH=. python tests/portfolio_table.py`."""

from collections.abc import Iterator
from itertools import groupby

import truth_beancount
import truth_ghostfolio
import truth_hledger
import truth_pp
from truth import Case, Verdict, count

HEAD = """# The ledger beside other programs

What other programs' own tests expect of their ledgers, asked of tio's: their entries are booked,
valued at their prices and rates, and each figure that has a counterpart is compared. Numbers must
agree to fifteen digits, or to the last one printed where theirs are rounded. A case is *the same*
when all compared figures are; *differs* where tio defines the figure otherwise, with why; and has
*no counterpart* where it is about what tio's ledger does not know.

| reference | cases | the same | figures | differs | no counterpart |
|---|---|---|---|---|---|
"""
DIFFERS = """
## What differs, and why

| reference | case | why |
|---|---|---|
"""
FOREIGN = """
## What has no counterpart

| reference | why | cases |
|---|---|---|
"""
MEANT = """
## What is meant alike under other names

- Ghostfolio keeps fees outside of cost: its *gross* figures are compared on the same entries
  without their fees, its *net* ones on the entries as they are. Its figures `WithCurrencyEffect`
  are tio's in the portfolio's currency; those without turn cost at today's rate, which is tio's
  gain of price alone. Its rule is average cost; its recorded cases come out alike by every rule.
- hledger's `--gain` likewise takes cost at the rate of the report's day, what is realised with it.
- Portfolio Performance's cost has the taxes of a purchase in it; tio's taxes are apart. Its
  deliveries count as trades, and its figures are rounded to cents. Returns, yields and
  volatilities beside them are compared where tio's returns are tested.
- Beancount and hledger make one lot of those they average; tio's keep their dates and cost alike.
  A lot they name by cost or date is named by its id here; of several that fit each has a sale.
- Lots that come from elsewhere at a date of their own are a transfer on that date.

## What is proven on ledgers of chance

Ledgers of 1 to 300 entries of all kinds, with entries of one moment, shorts, minor units, named
lots and events of one account, under every rule for lots:

- Lots, costs, gains of each sale, cash and all sums are those of a second, plain reckoning in
  fractions; what it refuses is refused.
- So they are after every adding, mending, removing and undoing.
- Cash and positions are the net asset value; less flows it is realised and unrealised gains,
  income, the result of currencies and what was carried in, less fees and taxes: to the last
  decimal.
- What is unrealised is what closing everything would realise, and so is its currency's part.
- A split and its inverse change nothing; after a split all is as if the new shares had always
  been.
- Money counted in smaller units scales every figure; a buy in two halves changes no sum; the
  order in which entries are handed over is of no account.

Made from the recorded data by `PYTHONPATH=. python tests/portfolio_table.py` (into this page); a
test compares the two.
"""
_MANY = 20


def page() -> str:
    """The whole page."""
    told = references()
    rows = "".join(f"{_row(name, cases)}\n" for name, cases in told.items())
    differs = "".join(f"{line}\n" for line in _differing(told))
    foreign = "".join(f"{line}\n" for line in _foreign(told))
    return HEAD + rows + DIFFERS + differs + FOREIGN + foreign + MEANT


def references() -> dict[str, list[Case]]:
    """All cases by reference."""
    found = {
        "Ghostfolio, calculator": list(truth_ghostfolio.cases()),
        "Beancount, booking": list(truth_beancount.cases()),
    }
    for file, cases in groupby(truth_hledger.cases(), key=lambda each: each[0]):
        found[f"hledger, {file.removesuffix('.gz')}"] = [case for _, case in cases]
    return found | {"Portfolio Performance": list(truth_pp.cases())}


def _row(name: str, cases: list[Case]) -> str:
    figures = sum(case.figures for case in cases if case.verdict is Verdict.same)
    differs, foreign = count(cases, Verdict.differs), count(cases, Verdict.foreign)
    same = count(cases, Verdict.same)
    return f"| {name} | {len(cases)} | {same} | {figures} | {differs} | {foreign} |"


def _differing(told: dict[str, list[Case]]) -> Iterator[str]:
    for name, cases in told.items():
        for case in cases:
            if case.why and case.verdict is not Verdict.foreign:
                yield f"| {name} | {_name(case)} | {case.why} |"


def _foreign(told: dict[str, list[Case]]) -> Iterator[str]:
    for name, cases in told.items():
        lacking = [case for case in cases if case.verdict is Verdict.foreign]
        for why in dict.fromkeys(case.why for case in lacking):
            these = [_name(case) for case in lacking if case.why == why]
            listed = "; ".join(these) if len(these) <= _MANY else f"all {len(these)}"
            yield f"| {name} | {why} | {listed} |"


def _name(case: Case) -> str:
    """Its name, cut where it is a sentence."""
    told = case.name.replace("|", "/")
    if " " not in told:
        return told.rpartition(".")[2] if told.count(".") == 1 else told
    return told if len(told) <= 70 else f"{told[:69].rstrip()}…"


if __name__ == "__main__":
    print(page(), end="")
