"""`tio portfolio`: what the shell asks of a ledger and how it prints the answers."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from shell_scene import Tio, shell

from tio.api.errors import Invalid
from tio.api.explained import ExplainFigure, Explanation, Part
from tio.api.ledger import (
    AddTransaction,
    Change,
    CreatePortfolio,
    DeletePortfolio,
    EditPortfolio,
    EditTransaction,
    Gains,
    GetGains,
    GetLots,
    GetPositions,
    ListChanges,
    ListPortfolios,
    ListTransactions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.performance import Contribution, Decline, GetPerformance, Performance
from tio.api.portfolio import (
    Account,
    Cash,
    Gain,
    Holdings,
    Lot,
    LotRule,
    Portfolio,
    Position,
    Transaction,
    TransactionKind,
)
from tio.api.series import Series, Times, instant

from fakes import FakeEngine

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)
MAIN = Portfolio(name="main", currency="USD", entries=3)
BOUGHT = Transaction(
    id="12",
    kind=TransactionKind.buy,
    at=AT,
    symbol="AAPL",
    quantity=Decimal(10),
    price=Decimal("187.2"),
    fee=Decimal(1),
    currency="USD",
    rate=Decimal(1),
    note="=dip",
)
HELD = Holdings(
    portfolio="main",
    currency="USD",
    at=AT,
    positions=(
        Position(
            symbol="AAPL",
            quantity=Decimal(10),
            currency="USD",
            cost=Decimal(1873),
            average_cost=Decimal("187.3"),
            base_cost=Decimal(1873),
            price=Decimal("180.10"),
            rate=Decimal(1),
            value=Decimal(1801),
            unrealised=Decimal(-72),
            day_change=Decimal("-12.5"),
            weight=Decimal("0.25"),
            stale=True,
            source="yahoo",
        ),
    ),
    cash=(Cash(currency="USD", amount=Decimal(5000), rate=Decimal(1), value=Decimal(5000)),),
    nav=Decimal(6801),
    flows=Decimal(7000),
    unrealised=Decimal(-72),
    currency_result=Decimal(0),
    stale_share=0.25,
)
GAIN = Gain(
    symbol="AAPL",
    account="",
    lot="12",
    closed_by="13",
    opened_at=AT,
    closed_at=AT,
    quantity=Decimal(4),
    proceeds=Decimal(800),
    cost=Decimal(900),
    gain=Decimal(-100),
    price_gain=Decimal(-100),
    currency_gain=Decimal(0),
    held_days=7,
    wash=True,
)
LOT = Lot(
    id="12",
    symbol="AAPL",
    account="ira",
    opened_at=AT,
    quantity=Decimal(10),
    cost=Decimal(1873),
    currency="USD",
    base_cost=Decimal(1873),
)
UNDONE = Change(number=5, what="undo 4: buy", entries=1, made_at=AT, undoes=4)


PERFORMANCE = Performance(
    portfolio="main",
    currency="USD",
    start=date(2026, 1, 5),
    end=date(2026, 1, 6),
    time=Times([instant(datetime(2026, 1, day, tzinfo=UTC)) for day in (5, 6)]),
    nav=Series([100.0, None]),
    flow=Series([100.0, 0.0]),
    growth=Series([0.0, 0.12]),
    drawdown=Series([0.0, 0.0]),
    begin_value=0.0,
    end_value=112.0,
    put_in=100.0,
    taken_out=0.0,
    gain=12.0,
    simple=0.12,
    time_weighted=0.12,
    annual=None,
    money_weighted=None,
    volatility=0.2,
    sharpe=1.5,
    sortino=2.5,
    calmar=None,
    omega=1.1,
    declines=(
        Decline(
            depth=-0.25, peak=date(2026, 1, 5), trough=date(2026, 1, 6), recovered=None, days=1
        ),
    ),
    contributions=(Contribution(symbol="AAPL", gain=12.0, income=1.0, share=0.12),),
    lacks=("a price of X on 1 day",),
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            ListPortfolios: (MAIN,),
            CreatePortfolio: MAIN,
            EditPortfolio: MAIN,
            DeletePortfolio: MAIN,
            GetPositions: HELD,
            GetLots: (LOT,),
            GetGains: Gains(
                portfolio="main", currency="USD", gains=(GAIN,), short_term=Decimal(-100)
            ),
            ListTransactions: (BOUGHT,),
            ListChanges: (UNDONE,),
            AddTransaction: BOUGHT,
            EditTransaction: BOUGHT,
            RemoveTransaction: BOUGHT,
            UndoTransaction: UNDONE,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def last(engine: FakeEngine) -> object:
    """What was asked last."""
    return engine.asked[-1]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "buy AAPL 10 187.20 --fee 1",
            {"symbol": "AAPL", "quantity": Decimal(10), "price": Decimal("187.20")},
        ),
        ("deposit 5,000.50", {"symbol": "", "amount": Decimal("5000.50"), "quantity": None}),
        ("dividend AAPL 24.5", {"symbol": "AAPL", "amount": Decimal("24.5"), "price": None}),
        ("split NVDA 10", {"symbol": "NVDA", "quantity": Decimal(10), "amount": None}),
        ("transfer_out 100 --to-account b", {"amount": Decimal(100), "to_account": "b"}),
        (
            "exchange 1000 --to 920.15EUR",
            {"amount": Decimal(1000), "to_amount": Decimal("920.15"), "to_currency": "EUR"},
        ),
        ("sell AAPL 5 --amount 950", {"quantity": Decimal(5), "amount": Decimal(950)}),
        ("interest -3.50", {"amount": Decimal("-3.50")}),
    ],
)
def test_what_is_added_is_told_by_words(
    tio: Tio, engine: FakeEngine, words: str, told: dict[str, object]
) -> None:
    words = words.replace("interest -3.50", "interest -- -3.50")
    said = tio("portfolio", "add", "--date", "2026-11-02", *words.split())
    assert said.code == 0, said.err
    asked = engine.asked[-1]
    assert isinstance(asked, AddTransaction)
    assert (asked.portfolio, asked.date) == ("main", "2026-11-02")
    assert {name: getattr(asked, name) for name in told} == told


def test_the_answer_says_what_was_booked(tio: Tio) -> None:
    said = tio("portfolio", "add", "buy", "AAPL", "10", "187.20")
    assert said.err == "12: 2026-11-02 buy 10 AAPL at 187.20 USD fee 1.00\n"
    told = json.loads(tio("portfolio", "add", "buy", "AAPL", "10", "1", "--json").out)
    assert (told["id"], told["price"]) == ("12", "187.2")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "bye", "AAPL", "1"), "there is no kind of entry 'bye'"),
        (("add", "buy", "AAPL", "ten", "5"), "'ten' is no number"),
        (("add", "buy", "AAPL", "1,5", "5"), "'1,5' is no number"),
        (("add", "deposit", "5", "6"), "has 2 numbers where a deposit has 1"),
        (("add", "exchange", "5", "--to", "some"), "is no amount with its currency"),
        (("change", "12"), "nothing is said to change"),
        (("show", "--lots", "zigzag"), "there is no rule for lots 'zigzag'"),
        (("transactions", "--since", "May"), "'May' is no date"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_asks_nothing(
    tio: Tio, engine: FakeEngine, words: tuple[str, ...], told: str
) -> None:
    said = tio("portfolio", *words)
    assert said.code == 2
    assert told in said.err
    assert not [each for each in engine.asked if not isinstance(each, ListPortfolios)]


def test_holdings_are_a_table_with_its_sums(tio: Tio) -> None:
    said = tio("portfolio")
    (position,) = (line for line in said.out.splitlines() if line.startswith("AAPL"))
    assert position.split() == [
        *("AAPL", "10", "187.30", "~180.10", "1,801.00", "25.00%", "−12.50", "−72.00"),
        *("−3.84%", "yahoo"),
    ]
    assert "main  ~6,801.00 USD" in said.out
    assert "25% of it stands on stale prices" in said.err


def test_holdings_as_csv_are_plain_numbers(tio: Tio) -> None:
    aapl, cash = rows(tio("portfolio", "show", "--csv").out)
    assert (aapl["unrealised"], aapl["day_change"], aapl["stale"]) == ("-72", "-12.5", "True")
    assert (cash["symbol"], cash["quantity"]) == ("cash USD", "5000")


def test_a_past_day_and_another_rule_are_asked_for(tio: Tio, engine: FakeEngine) -> None:
    tio("portfolio", "show", "--at", "2025-12-31", "--lots", "hifo")
    assert last(engine) == GetPositions(
        "main", datetime(2025, 12, 31, 23, 59, 59, 999999, UTC), LotRule.hifo
    )


def test_lots_gains_entries_and_changes_are_listed(tio: Tio, engine: FakeEngine) -> None:
    assert "12   AAPL    ira      2026-11-02   10  187.30" in tio("portfolio", "lots", "AAPL").out
    gains = tio("portfolio", "gains", "--year", "2026")
    assert "−100.00" in gains.out
    assert "possible" in gains.out
    assert "short-term −100.00" in gains.err
    assert last(engine) == GetGains("main", 2026)
    entries = tio("portfolio", "transactions", "AAPL", "--kind", "buy", "--since", "2026-01-01")
    assert "187.20" in entries.out
    assert last(engine) == ListTransactions(
        "main", "AAPL", (TransactionKind.buy,), start=date(2026, 1, 1)
    )
    assert "undo 4: buy" in tio("portfolio", "changes").out


def test_a_figure_is_opened_into_its_parts(tio: Tio, engine: FakeEngine) -> None:
    part = Part(label="AAPL lot 12", value=Decimal(-72), working="10 × 180.1 − 1873", entry="12")
    engine.answers[ExplainFigure] = Explanation(
        figure="unrealised",
        value=Decimal(-72),
        currency="USD",
        rule="the value of every open lot less what it cost",
        parts=(part,),
        at=AT,
    )
    said = tio("portfolio", "explain", "unrealised")
    assert said.out.startswith("unrealised −72.00 USD\n")
    assert "AAPL lot 12  −72.00  10 × 180.1 − 1873  12" in said.out
    assert said.err == "the value of every open lot less what it cost\n"
    assert last(engine) == ExplainFigure("main", "unrealised")
    (row,) = rows(tio("portfolio", "explain", "unrealised", "--csv").out)
    assert (row["amount"], row["entry"]) == ("-72", "12")


def test_performance_is_figures_declines_and_contributions(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[GetPerformance] = PERFORMANCE
    said = tio("portfolio", "performance", "--since", "2026-01-05", "-b", "SPY", "--risk-free", "4")
    assert "time-weighted                        +12.00%" in said.out
    assert "money-weighted, a year                     –" in said.out
    assert "−25.00%  2026-01-05  2026-01-06  not yet       1" in said.out
    assert "AAPL    12.00    1.00  +12.00%" in said.out
    assert said.err == "not known: a price of X on 1 day\n"
    assert last(engine) == GetPerformance("main", date(2026, 1, 5), None, "SPY", 0.04)
    told = rows(tio("portfolio", "performance", "--csv").out)
    assert [(row["date"], row["worth"], row["growth"]) for row in told] == [
        ("2026-01-05", "100.0", "0.0"),
        ("2026-01-06", "", "0.12"),
    ]


def test_a_note_that_would_be_a_formula_is_quoted_in_csv(tio: Tio) -> None:
    (entry,) = rows(tio("portfolio", "transactions", "--csv").out)
    assert (entry["note"], entry["price"], entry["kind"]) == ("'=dip", "187.2", "buy")


def test_a_change_tells_only_what_changes(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "change", "12", "--price", "188", "--note", "").code == 0
    assert last(engine) == EditTransaction("main", "12", price=Decimal(188), note="")


def test_undo_says_what_it_took_back_and_how_to_have_it_again(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "undo").err == "undo 4: buy; `tio portfolio undo 5` brings it back\n"
    assert last(engine) == UndoTransaction("main")
    assert tio("portfolio", "remove", "12").err.startswith("12 is removed: 2026-11-02 buy 10")


def test_of_several_the_one_called_main_is_meant_else_one_must_be_named(
    tio: Tio, engine: FakeEngine
) -> None:
    ira, desk = (Portfolio(name=name, currency="USD") for name in ("ira", "desk"))
    engine.answers[ListPortfolios] = (ira, MAIN)
    assert tio("portfolio", "lots").code == 0
    assert last(engine) == GetLots("main")
    engine.answers[ListPortfolios] = (ira, desk)
    said = tio("portfolio", "lots")
    assert said.code == 2
    assert "name one with -p: ira, desk" in said.err
    engine.answers[ListPortfolios] = ()
    assert "there is no portfolio yet" in tio("portfolio").err


def test_a_portfolio_is_made_edited_and_deleted(tio: Tio, engine: FakeEngine) -> None:
    tio("portfolio", "create", "main", "EUR", "--lots", "hifo", "--zone", "Europe/Berlin")
    assert last(engine) == CreatePortfolio("main", "EUR", LotRule.hifo, "Europe/Berlin")
    tio("portfolio", "edit", "main", "--account", "ira=lifo", "--account", "cash")
    accounts = (Account(name="ira", lots=LotRule.lifo), Account(name="cash"))
    assert last(engine) == EditPortfolio("main", accounts=accounts)
    assert tio("portfolio", "delete", "main", "--yes").err == "main is deleted\n"


def test_what_the_engine_refuses_is_its_sentence(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[AddTransaction] = Invalid("16 sold, and 15 held", "set short")
    said = tio("portfolio", "add", "sell", "AAPL", "16", "5")
    assert (said.code, said.err) == (2, "16 sold, and 15 held\nset short\n")
