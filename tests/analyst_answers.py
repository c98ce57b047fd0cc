"""What an engine that holds something would tell, for the tests of the analyst's reviews."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import income_scene
import journal_scene
import risk_answers
from analyst_words import NOW, SYMBOLS, Market
from idea_cards import plan
from msgspec.structs import replace
from portfolio_scene import HELD, MAIN, PERFORMANCE

from tio.api.companies import GetEvents, GetProfile, Profile
from tio.api.contract import Request
from tio.api.ideas import (
    Evidence,
    GetIdea,
    GetIdeaRecord,
    Idea,
    IdeaRecord,
    ListedIdea,
    PreviewIdea,
    RecordBy,
)
from tio.api.income import GetIncome
from tio.api.journal import By, GetExpectancy, ListTrades
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import Timeframe
from tio.api.orders import Order, OrderState, OrderType, Side
from tio.api.performance import GetPerformance
from tio.api.portfolio_risk import GetRisk
from tio.api.proposals import ListProposals, Proposals
from tio.api.risk import CorrelationMatrix, CorrelationMethod, GetCorrelation
from tio.api.stress import StressPortfolio, StressWindows
from tio.api.trading import ListedOrder, ListOrders, OrderPreview

D = Decimal
STOP = Order(
    id="p1",
    portfolio="main",
    symbol="AAPL",
    side=Side.sell,
    quantity=D(100),
    type=OrderType.stop,
    stop=D(180),
    reduce_only=True,
)
ENTRY = Order(
    id="p2",
    portfolio="main",
    symbol="NVDA",
    side=Side.buy,
    quantity=D(20),
    type=OrderType.limit,
    limit=D(120),
)
CHILD = replace(
    ENTRY,
    id="p3",
    parent="p2",
    side=Side.sell,
    type=OrderType.stop,
    stop=D(115),
    state=OrderState.waiting,
)
ORDERS = tuple(ListedOrder(order=each) for each in (STOP, ENTRY, CHILD))
IDEA = Idea(
    id="i1",
    author="owner",
    portfolio="main",
    symbol="AAA",
    plans=(
        plan(
            entry="87",
            stop="83",
            target="97",
            setup="pullback",
            at=NOW,
            due=NOW + timedelta(days=20),
            evidence=(Evidence(text="sales grew", figure="12 %", source="10-Q", as_of=NOW),),
        ),
    ),
)
PREVIEW = OrderPreview(
    orders=(replace(ENTRY, symbol="AAA", quantity=D(250)),),
    currency="USD",
    price=D(87),
    value=D(21_750),
    risk=D(1_000),
    equity=D(100_000),
)
RECORDS = (
    IdeaRecord(name="", cards=40, n=30),
    IdeaRecord(
        name="owner",
        cards=40,
        n=30,
        hit_rate=0.5,
        hit_low=0.31,
        hit_high=0.69,
        mean_r=0.4,
        low_r=0.1,
        high_r=0.7,
    ),
)
MATRIX = CorrelationMatrix(
    symbols=("AAPL", "BTC-USD", "NVDA"),
    timeframe=Timeframe.d1,
    method=CorrelationMethod.pearson,
    window=250,
    values=((1.0, 0.2, 0.81), (0.2, 1.0, 0.25), (0.81, 0.25, 1.0)),
    counts=((250, 250, 250),) * 3,
    order=(0, 2, 1),
    mean=0.42,
    end=NOW,
)


def expectancy(asked: GetExpectancy) -> Any:
    """The same report by whatever it is grouped, the groups named for it."""
    report = journal_scene.REPORT
    losing = replace(
        report.groups[0],
        group="monday" if asked.by is By.weekday else "chased",
        gain=D("-310.5"),
        mean=-12.94,
        mean_low=-24.1,
        mean_high=-1.8,
        enough=True,
    )
    return replace(report, by=asked.by, groups=(*report.groups, losing))


def records(asked: GetIdeaRecord) -> tuple[IdeaRecord, ...]:
    return RECORDS if asked.by is RecordBy.author else RECORDS[:1]


TRADES = (
    journal_scene.TRADE,
    replace(journal_scene.TRADE, id="4", gain=D("-58.2"), r=-1.5, symbol="MSFT"),
    replace(journal_scene.TRADE, id="5", gain=D("-20"), r=None, stop=None, symbol="TSLA"),
)
ANSWERS: dict[type[Request[Any]], Any] = {
    ListPortfolios: (MAIN,),
    GetPositions: HELD,
    GetPerformance: PERFORMANCE,
    GetIncome: income_scene.INCOME,
    ListOrders: ORDERS,
    ListProposals: Proposals(portfolio="main", currency="USD"),
    GetRisk: risk_answers.REPORT,
    StressWindows: risk_answers.STRESSES,
    StressPortfolio: risk_answers.STRESSES[1],
    GetCorrelation: MATRIX,
    GetExpectancy: expectancy,
    ListTrades: TRADES,
    GetIdea: ListedIdea(idea=IDEA, state=IDEA.state),
    PreviewIdea: PREVIEW,
    GetIdeaRecord: records,
    GetProfile: Profile(symbol="AAA", earnings_from=NOW + timedelta(days=6)),
    GetEvents: (),
}


def owned(**changed: Any) -> Market:
    """A market with a portfolio, a journal and an idea; `changed` by the name of a word."""
    more = {kind: changed.get(kind.__name__, given) for kind, given in ANSWERS.items()}
    held = tuple(each.symbol for each in HELD.positions)
    return Market(symbols=(*SYMBOLS, *held), more=more)
