"""Lots as hledger names them: by account, date, cost and label."""

from collections import Counter
from decimal import Decimal

from hledger_journals import Basis, Posting

from tio.api.errors import Invalid
from tio.engine.portfolio.books import Books, Held

ZERO = Decimal(0)
LotKey = tuple[str, str, Decimal]


def meant(books: Books, posting: Posting, whole: Decimal) -> list[tuple[str, Decimal]]:
    """The lots a posting names, each with how much of it; "" is for the rule to say."""
    told = posting.basis if posting.basis and posting.basis != Basis() else posting.named
    if told is None:
        return [("", whole)]
    held = [h for h in books.held() if h.account == posting.account]
    fits = [h for h in held if matches(h, told, held)]
    if len(fits) == len(held) and held:
        return [("", whole)]
    taken, left = [], whole
    for each in fits:
        part = min(each.lot.quantity, left)
        if part:
            taken.append((each.lot.id, part))
        left -= part
    if left:
        raise Invalid(f"the lots that are named hold {whole - left}, not {whole}")
    return taken


def places(books: Books) -> Counter[LotKey]:
    """Quantities by account, date and unit cost."""
    found: Counter[LotKey] = Counter()
    for held in books.held():
        found[held.account, f"{held.lot.opened_at:%Y-%m-%d}", unit_cost(held)] += held.lot.quantity  # type: ignore[assignment]
    return found


def unit_cost(held: Held) -> Decimal:
    """To eight decimals, as hledger writes it."""
    return round(held.lot.cost / held.lot.quantity, 8)


def matches(held: Held, told: Basis, among: list[Held]) -> bool:
    """Whether a lot is one that is named; labels number those of one day."""
    alike = [h.lot.id for h in among if h.lot.opened_at == held.lot.opened_at]
    cost = held.lot.cost if told.total else unit_cost(held)
    return (
        (not told.day or told.day == f"{held.lot.opened_at:%Y-%m-%d}")
        and (told.cost is None or abs(cost - told.cost.number) < Decimal("1e-8"))
        and (not told.label or told.label == f"{alike.index(held.lot.id) + 1:04}")
    )
