"""`tio portfolio sale`."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace
from shell_scene import Tio, shell

from tio.api.ledger import ListPortfolios
from tio.api.portfolio import LotRule, Portfolio, Transaction, TransactionKind
from tio.api.sales import LotPart, LotPick, PreviewSale, SaleLot, SalePreview, SellLots

from fakes import FakeEngine

D = Decimal
AT = datetime(2026, 11, 2, tzinfo=UTC)
SEEN = SalePreview(
    portfolio="main",
    symbol="AAPL",
    account="ira",
    currency="USD",
    rule=LotRule.fifo,
    at=AT,
    price=D(130),
    price_currency="USD",
    quantity=D(4),
    gain=D(120),
    short_term=D(-30),
    long_term=D(150),
    wash=True,
    left=D(16),
    left_cost=D(2000),
    lots=(
        SaleLot(
            id="2",
            opened_at=AT,
            held_days=400,
            long_term=True,
            quantity=D(10),
            cost=D(1000),
            gain=D(300),
            taken=D(4),
            taken_gain=D(120),
        ),
        SaleLot(
            id="3",
            opened_at=AT,
            held_days=3,
            long_term=False,
            quantity=D(10),
            cost=D(1400),
            gain=D(-100),
        ),
    ),
)


@pytest.fixture
def engine() -> FakeEngine:
    sold = Transaction(id="17", kind=TransactionKind.sell, at=AT)
    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            PreviewSale: SEEN,
            SellLots: (sold, replace(sold, id="18")),
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_what_a_sale_realises_is_shown_and_nothing_sold(tio: Tio, engine: FakeEngine) -> None:
    said = tio("portfolio", "sale", "AAPL", "4", "130", "--by", "long-term", "--dry-run")
    assert said.code == 0
    lines = [line.split() for line in said.out.splitlines()]
    assert lines[1][3:] == ["long", "10", "1,000.00", "+300.00", "4", "+120.00"]
    assert lines[2][3:] == ["short", "10", "1,400.00", "−100.00"]
    assert "realised +120.00, short term −30.00, long term +150.00 USD; no tax report" in said.err
    assert "possible wash sale" in said.err
    assert "left: 16 that cost 2,000.00" in said.err
    assert engine.asked[-1] == PreviewSale("main", "AAPL", D(4), D(130), pick=LotPick.long_term)


def test_what_was_seen_is_sold(tio: Tio, engine: FakeEngine) -> None:
    words = ("--lot", "2=4", "--fee", "1", "--note", "mine", "--tag", "t", "--yes")
    said = tio("portfolio", "sale", "AAPL", "", "130", *words)
    assert said.code == 0
    assert "booked as 17, 18" in said.err
    looked, sold = engine.asked[-2:]
    assert isinstance(looked, PreviewSale)
    assert looked.parts == (LotPart("2", D(4)),)
    assert sold == SellLots(
        *("main", "AAPL", (LotPart("2", D(4)),), D(130)),
        fee=D(1),
        account="ira",
        note="mine",
        tags=("t",),
    )


def test_what_the_ledger_cannot_bear_is_not_sold(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[PreviewSale] = replace(SEEN, trouble="lot 2 holds 1")
    said = tio("portfolio", "sale", "AAPL", "4", "130", "--yes")
    assert said.code == 2
    assert "lot 2 holds 1" in said.err
    assert not [each for each in engine.asked if isinstance(each, SellLots)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("many", "130"), "the quantity 'many' is no number"),
        (("4", "130", "--lot", "2"), "'2' is no pair"),
        (("4", "130", "--by", "luck"), "not picked by 'luck'"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(tio: Tio, words: tuple[str, ...], said: str) -> None:
    wrong = tio("portfolio", "sale", "AAPL", *words)
    assert wrong.code == 2
    assert said in wrong.err
