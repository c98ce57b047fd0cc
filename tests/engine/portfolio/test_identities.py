"""What must hold of any ledger at any prices, whatever is in it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal, localcontext
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import BEGIN, KIND, entry, portfolio
from msgspec.structs import replace
from scribbled import scribbled

from tio.api.portfolio import Holdings, LotRule, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.money import EXACT
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.tallies import total
from tio.engine.portfolio.valuing import Price, holdings

SEEDS, COUNTS = st.integers(0, 2**32), st.integers(1, 60)
RULES = st.sampled_from(LotRule)
BY_ITSELF = st.sampled_from([rule for rule in LotRule if rule is not LotRule.specific])
ZERO, CLOSE = Decimal(0), Decimal("1e-12")
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "ZAR")
SCALED = ("price", "amount", "fee", "tax", "to_amount")


def market(seed: int, scale: int = 1) -> tuple[dict[str, Price], dict[str, Rate]]:
    """Prices and rates of chance, all prices times a scale."""
    chance = Random(seed)

    def number(low: float, high: float) -> Decimal:
        return Decimal(repr(chance.uniform(low, high)))

    with localcontext(EXACT):
        prices = {
            symbol: Price(number(0, 500) * scale, chance.choice(CURRENCIES), number(0, 500) * scale)
            for symbol in ("AAA", "AAAX", "BBB", "BBBX", "CCC", "CCCX")
        }
    rates = {each: Rate(number(0.01, 3)) for each in CURRENCIES}
    return prices, rates | {"USD": Rate(Decimal(1))}


def valued(books: Books, seed: int, scale: int = 1) -> Holdings:
    at = BEGIN + timedelta(days=9000)
    return holdings(books, *market(seed, scale), at, at - timedelta(days=1))


def sums(books: Books) -> list[tuple[str, Decimal]]:
    """All that is summed: lots by place, gains by place and time, tallies, cash."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    with localcontext(EXACT):
        for held in books.held():
            place = f"{held.symbol} in {held.account}"
            found[f"quantity of {place}"] += held.lot.quantity
            found[f"cost of {place}"] += held.lot.cost
            found[f"base cost of {place}"] += held.lot.base_cost
        for closing in books.closings():
            sale = f"{closing.symbol} in {closing.account} at {closing.closed_at}"
            found[f"gain of {sale}"] += closing.gain
            found[f"currency gain of {sale}"] += closing.currency_gain
            found[f"proceeds of {sale}"] += closing.proceeds * closing.rate
        tally = total(books.tallies().values())
        for name in ("flows", "realised", "income", "fees", "taxes", "carried", "lot_fees"):
            found[name] = getattr(tally, name)
        for (account, currency), amount in books.till().cash.items():
            found[f"{currency} in {account}"] += amount
    return sorted(found.items())


def alike(one: Books, other: Books, factor: int = 1, unscaled: Iterable[str] = ()) -> bool:
    """The same sums, those of money times a factor, to within 10⁻¹² of them or of one unit."""
    ours, theirs = sums(one), sums(other)
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    with localcontext(EXACT):
        for (name, own), (_, their) in zip(ours, theirs, strict=True):
            wanted = own if name.startswith(tuple(unscaled)) else own * factor
            assert abs(wanted - their) <= CLOSE * max(abs(wanted), Decimal(1)), name
    return True


@given(SEEDS, COUNTS, RULES)
@settings(max_examples=120, deadline=None)
def test_net_asset_value_is_cash_and_positions_and_how_it_came_about_to_the_last_decimal(
    seed: int, count: int, rule: LotRule
) -> None:
    told = valued(Books(portfolio(rule), scribbled(seed, count, rule).entries), seed)
    assert told.nav is not None
    assert told.unrealised is not None
    assert told.currency_result is not None
    with localcontext(EXACT):
        values = [each.value or ZERO for each in told.cash]
        values += [each.value or ZERO for each in told.positions]
        assert sum(values, ZERO) == told.nav
        came = told.realised + told.unrealised + told.income + told.currency_result + told.carried
        assert told.nav - told.flows == came - told.fees - told.taxes
        for each in told.positions:
            assert each.unrealised == (each.price_gain or ZERO) + (each.currency_gain or ZERO)
            assert each.value == each.base_cost + (each.unrealised or ZERO)


@given(SEEDS, COUNTS, RULES)
@settings(max_examples=80, deadline=None)
def test_a_gain_is_its_price_gain_and_its_currency_gain_and_all_gains_are_what_is_realised(
    seed: int, count: int, rule: LotRule
) -> None:
    ledger = scribbled(seed, count, rule, without=(KIND.return_of_capital,))
    books = Books(portfolio(rule), ledger.entries)
    with localcontext(EXACT):
        gains = sum((closing.gain for closing in books.closings()), ZERO)
        assert gains == total(books.tallies().values()).realised
        for closing in books.closings():
            assert closing.gain == closing.proceeds * closing.rate - closing.part.base_cost


@given(SEEDS, COUNTS, BY_ITSELF, st.integers(2, 1000))
@settings(max_examples=60, deadline=None)
def test_money_counted_in_smaller_units_makes_every_figure_as_much_larger(
    seed: int, count: int, rule: LotRule, factor: int
) -> None:
    entries = scribbled(seed, count, rule).entries
    larger = [
        replace(each, **{name: (getattr(each, name) or ZERO) * factor for name in _told(each)})
        for each in entries
    ]
    small, large = Books(portfolio(rule), entries), Books(portfolio(rule), larger)
    assert alike(small, large, factor, unscaled=("quantity",))
    nav, scaled = valued(small, seed).nav, valued(large, seed, factor).nav
    assert nav is not None
    assert scaled is not None
    with localcontext(EXACT):
        assert abs(nav * factor - scaled) < CLOSE * max(abs(scaled), Decimal(1))


@given(SEEDS, COUNTS, BY_ITSELF, st.data())
@settings(max_examples=80, deadline=None)
def test_a_buy_made_in_two_halves_changes_no_sum(
    seed: int, count: int, rule: LotRule, data: st.DataObject
) -> None:
    # A split rounds each lot's quantity to eight decimals, so more lots round otherwise.
    ledger = scribbled(seed, count, rule, without=(KIND.splits, KIND.spin_off))
    entries = [replace(each, lot="") for each in ledger.entries]
    buys = [each for each in entries if each.kind is KIND.buy]
    if not buys:
        return
    whole = data.draw(st.sampled_from(buys))
    half: Any = {name: (getattr(whole, name) or ZERO) / 2 for name in _told(whole, "quantity")}
    half |= {"price": whole.price}
    halves = [replace(whole, **half), replace(whole, **half, id="half")]
    books = Books(portfolio(rule), entries)
    assert alike(books, books.changed([whole], halves))


@given(SEEDS, COUNTS, RULES, st.data())
@settings(max_examples=80, deadline=None)
def test_a_split_and_its_inverse_change_nothing(
    seed: int, count: int, rule: LotRule, data: st.DataObject
) -> None:
    entries = scribbled(seed, count, rule).entries
    books = Books(portfolio(rule), entries)
    at = data.draw(st.sampled_from(entries)).at
    symbol, ratio = data.draw(st.sampled_from(("AAA", "BBB"))), data.draw(st.sampled_from((2, 4)))
    split = entry(KIND.splits, 0, id="s", symbol=symbol, quantity=ratio, position=10**6)
    back = replace(split, id="t", quantity=1 / Decimal(ratio))
    assert alike(books, books.changed((), [replace(each, at=at) for each in (split, back)]))


@given(SEEDS, COUNTS, RULES, st.integers(0, 59), st.sampled_from((2, 5, 10)))
@settings(max_examples=80, deadline=None)
def test_after_a_split_all_is_as_if_the_new_shares_had_been_traded_from_the_start(
    seed: int, count: int, rule: LotRule, place: int, ratio: int
) -> None:
    ledger = scribbled(seed, count, rule, without=(KIND.splits, KIND.spin_off))
    entries = ledger.entries
    place = min(place, len(entries))
    split = entry(KIND.splits, 0, id="s", symbol="AAA", quantity=ratio)
    at = entries[place - 1].at if place else BEGIN
    split = replace(split, at=at, position=entries[place - 1].position if place else 0)
    fresh = [*entries[:place], split, *(_rescaled(each, ratio) for each in entries[place:])]
    always = [_rescaled(each, ratio) for each in entries]
    assert alike(Books(portfolio(rule), fresh), Books(portfolio(rule), always))


@given(SEEDS, COUNTS, st.sampled_from((LotRule.fifo, LotRule.lifo, LotRule.hifo)))
@settings(max_examples=80, deadline=None)
def test_what_is_unrealised_is_what_closing_it_all_would_realise_and_so_is_its_currency_part(
    seed: int, count: int, rule: LotRule
) -> None:
    ledger = scribbled(seed, count, rule, without=(KIND.splits, KIND.spin_off))
    books, (prices, rates) = Books(portfolio(rule), ledger.entries), market(seed)
    held: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in books.held():
        held[each.symbol, each.account] += each.lot.quantity
    closes = [
        entry(
            KIND.sell if quantity > 0 else KIND.buy,
            8000,
            id=f"all {symbol} {account}",
            symbol=symbol,
            account=account,
            quantity=abs(quantity),
            price=prices[symbol].value,
            currency=prices[symbol].currency,
            rate=rates[prices[symbol].currency].value,
        )
        for (symbol, account), quantity in held.items()
    ]
    closings = books.changed((), closes).closings()
    for position in valued(books, seed).positions:
        own = [each for each in closings if each.closed_by.startswith(f"all {position.symbol} ")]
        with localcontext(EXACT):
            gain = sum((each.gain for each in own), ZERO)
            by_rate = sum((each.currency_gain for each in own), ZERO)
            assert abs((position.unrealised or ZERO) - gain) < CLOSE * max(abs(gain), Decimal(1))
            assert position.currency_gain == by_rate


def _told(each: Transaction, *more: str) -> list[str]:
    return [name for name in (*SCALED, *more) if getattr(each, name) is not None]


def _rescaled(each: Transaction, ratio: int) -> Transaction:
    """The entry in new shares: so many more at so much less."""
    if each.symbol != "AAA" or each.quantity is None:
        return each
    quantity = each.quantity * ratio
    if each.price is None:
        return replace(each, quantity=quantity)
    with localcontext(EXACT):
        return replace(each, quantity=quantity, price=each.price / ratio)
