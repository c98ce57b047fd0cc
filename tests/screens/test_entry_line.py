"""A line of plain words is the entry it tells, and an entry the line that would tell it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.screens.entry_line import EXAMPLES, EntryLine, added, edited, read
from tio.screens.entry_written import day_of, written

D = Decimal
KIND = TransactionKind
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "buy 10 AAPL 187.20 fee 1 2026-11-02",
            EntryLine(KIND.buy, "2026-11-02", "AAPL", quantity=D(10), price=D("187.20"), fee=D(1)),
        ),
        ("buy AAPL 10", EntryLine(KIND.buy, symbol="AAPL", quantity=D(10))),
        (
            "sell 1,000.5 VOD.LSE at @71.32 GBp on 2026-11-02 lot 7 short",
            EntryLine(
                KIND.sell,
                "2026-11-02",
                "VOD.LSE",
                quantity=D("1000.5"),
                price=D("71.32"),
                currency="GBp",
                lot="7",
                short=True,
            ),
        ),
        (
            "sell 10 AAPL amount 1872",
            EntryLine(KIND.sell, symbol="AAPL", quantity=D(10), amount=D(1872)),
        ),
        (
            "deposit 5000 USD 2026-11-01",
            EntryLine(KIND.deposit, "2026-11-01", amount=D(5000), currency="USD"),
        ),
        ("deposit 5000USD", EntryLine(KIND.deposit, amount=D(5000), currency="USD")),
        ("deposit EUR 12.50", EntryLine(KIND.deposit, amount=D("12.50"), currency="EUR")),
        ("split AAPL 4 2024-06-10", EntryLine(KIND.splits, "2024-06-10", "AAPL", quantity=D(4))),
        ("split SIM:OIL 4:1", EntryLine(KIND.splits, symbol="SIM:OIL", quantity=D(4))),
        ("split NVDA 1:10", EntryLine(KIND.splits, symbol="NVDA", quantity=D("0.1"))),
        ("dividend AAPL 24.50", EntryLine(KIND.dividend, symbol="AAPL", amount=D("24.50"))),
        (
            "dividend AAPL 24.50 EUR tax 3.68 rate 0.92",
            EntryLine(
                KIND.dividend,
                symbol="AAPL",
                amount=D("24.50"),
                currency="EUR",
                tax=D("3.68"),
                rate=D("0.92"),
            ),
        ),
        ("fee 3 USD", EntryLine(KIND.fee, amount=D(3), currency="USD")),
        ("fee BTC-USD −3", EntryLine(KIND.fee, symbol="BTC-USD", amount=D(-3))),
        (
            "exchange 1000 USD to 920.15 EUR",
            EntryLine(
                KIND.exchange,
                amount=D(1000),
                currency="USD",
                to_amount=D("920.15"),
                to_currency="EUR",
            ),
        ),
        (
            "transfer_out 10 AAPL to broker2 account main",
            EntryLine(
                KIND.transfer_out,
                symbol="AAPL",
                quantity=D(10),
                to_account="broker2",
                account="main",
            ),
        ),
        (
            "transfer-in cash 500 USD",
            EntryLine(KIND.transfer_in, amount=D(500), currency="USD"),
        ),
        (
            "spin_off T 0.241917 into WBD share 0.2",
            EntryLine(
                KIND.spin_off, symbol="T", quantity=D("0.241917"), into="WBD", cost_share=D("0.2")
            ),
        ),
        (
            'buy 1 $7203 2,950 account "old broker" tag core note bought at the open, fee waived',
            EntryLine(
                KIND.buy,
                symbol="7203",
                quantity=D(1),
                price=D(2950),
                account="old broker",
                tags=("core",),
                note="bought at the open, fee waived",
            ),
        ),
        ("buy 2 LOT 5", EntryLine(KIND.buy, symbol="LOT", quantity=D(2), price=D(5))),
        (
            "buy 1 HOUSE 300000 2026-01-31T15:30Z unlisted",
            EntryLine(
                KIND.buy,
                "2026-01-31T15:30Z",
                "HOUSE",
                quantity=D(1),
                price=D(300000),
                unlisted=True,
            ),
        ),
    ],
)
def test_a_line_is_read(text: str, told: EntryLine) -> None:
    assert read(text) == told


@pytest.mark.parametrize("kind", KIND)
def test_every_kind_has_an_example_that_can_be_read(kind: TransactionKind) -> None:
    for example in EXAMPLES[kind].split(", or "):
        assert read(example).kind is kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  ", "nothing is entered"),
        ("byu 10 AAPL", "no kind of entry 'byu'"),
        ("buy AAPL", "a buy needs a figure"),
        ("buy 10 187.20", "a buy needs a symbol"),
        ("buy 10 AAPL 187.20 3", "'3' is one too many"),
        ("dividend 24.50", "a dividend needs a symbol"),
        ("buy 10 AAPL 187.20 fee one", "fee 'one' is no number"),
        ("buy 10 AAPL 187.20 lot", "lot names nothing"),
        ("buy 10 AAPL 187.20 2026-13-02", "'2026-13-02' is no date"),
        ("split AAPL 1:3", "no end as a decimal"),
        ("split AAPL 1:0", "no ratio"),
        ("buy 10 AAPL 187,20", "'187,20' is no number"),
        ("buy AAPL ten", "a buy needs a figure"),
    ],
)
def test_a_line_that_tells_no_entry_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(text)
    assert said in refused.value.message
    assert refused.value.next


def test_the_nearest_kind_is_offered() -> None:
    with pytest.raises(Invalid) as refused:
        read("dividnd AAPL 3")
    assert refused.value.next == "Did you mean dividend?"


def test_what_is_entered_without_a_date_happened_now() -> None:
    asked = added("main", read("deposit 5000 USD"), NOW)
    assert (asked.portfolio, asked.date) == ("main", "2026-11-20T15:00:00+00:00")
    assert added("main", read("deposit 5 2026-01-02"), NOW).date == "2026-01-02"


def test_an_edit_asks_for_what_differs_and_nothing_else() -> None:
    was, now = read("buy 10 AAPL 187.20 fee 1 note x"), read("buy 12 AAPL amount 2246.40 note x")
    asked = edited("main", "7", was, now)
    assert asked is not None
    assert asked.quantity == D(12)
    assert asked.price is None
    assert asked.amount == D("2246.40")
    assert asked.fee == D(0)
    assert {asked.symbol, asked.date, asked.note, asked.currency} == {UNSET}
    assert edited("main", "7", was, was) is None


def test_a_currency_or_date_left_out_of_an_edit_stays() -> None:
    was, now = read("buy 10 AAPL 187.20 USD 2026-01-02"), read("buy 10 AAPL 187.20")
    assert edited("main", "7", was, now) is None


def test_a_date_is_the_end_of_its_day_where_the_portfolio_is() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    assert day_of(datetime(2026, 1, 31, 22, 59, 59, 999999, UTC), vienna) == "2026-01-31"
    assert day_of(datetime(2026, 1, 31, 15, 30, tzinfo=UTC), vienna) == "2026-01-31T15:30:00Z"


FIGURE = st.decimals("0.00000001", "9999999", places=8)
NAME = st.text(st.sampled_from("aLotfe7 -."), min_size=1, max_size=9).map(str.strip).filter(bool)


@st.composite
def entries(draw: st.DrawFn) -> Transaction:
    kind = draw(st.sampled_from(tuple(KIND)))
    told: dict[str, Any] = {
        "fee": draw(FIGURE),
        "tax": draw(FIGURE),
        "currency": draw(st.sampled_from(("USD", "GBp", "USDT"))),
        "rate": draw(FIGURE),
        "account": draw(NAME),
        "lot": draw(NAME),
        "short": draw(st.booleans()),
        "note": " ".join(draw(NAME).split()),
        "tags": tuple(draw(st.lists(NAME, max_size=2))),
    }
    if kind in (KIND.buy, KIND.sell):
        told |= {"symbol": draw(NAME), "quantity": draw(FIGURE), "price": draw(FIGURE)}
    elif kind in (KIND.transfer_in, KIND.transfer_out):
        told |= {"symbol": draw(NAME), "quantity": draw(FIGURE), "to_account": draw(NAME)}
    elif kind is KIND.splits:
        told |= {"symbol": draw(NAME), "quantity": draw(FIGURE), "currency": ""}
    elif kind is KIND.spin_off:
        told |= {"symbol": draw(NAME), "quantity": draw(FIGURE), "into": draw(NAME)}
        told |= {"cost_share": draw(FIGURE), "currency": ""}
    elif kind is KIND.exchange:
        told |= {"amount": draw(FIGURE), "to_amount": draw(FIGURE), "to_currency": "EUR"}
    else:
        symbol = draw(NAME) if kind in (KIND.dividend, KIND.return_of_capital) else ""
        told |= {"symbol": symbol, "amount": draw(FIGURE)}
    return Transaction(kind=kind, at=draw(st.datetimes()).replace(tzinfo=UTC), **told)


@given(entries())
def test_an_entry_written_and_read_again_is_the_same(entry: Transaction) -> None:
    line = read(written(entry, UTC))
    for name in ("kind", "symbol", "quantity", "price", "amount", "fee", "tax", "account", "lot"):
        assert getattr(line, name) == getattr(entry, name), name
    for name in ("to_account", "to_amount", "into", "cost_share", "short", "note", "tags"):
        assert getattr(line, name) == getattr(entry, name), name
    assert (line.currency or "") == entry.currency
    assert line.rate in (entry.rate, None)
