"""What every engine promises of idea cards, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from both_engines import DOORS, Afternoon, through
from test_portfolio_contract import PATIENCE

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound
from tio.api.ideas import (
    CloseIdea,
    Evidence,
    GetIdea,
    GetIdeaRecord,
    Idea,
    IdeaState,
    ListedIdea,
    ListIdeas,
    Outcome,
    PreviewIdea,
    RecordBy,
    SaveIdea,
    TakeIdea,
)
from tio.api.ledger import AddTransaction, CreatePortfolio, DeletePortfolio, EditPortfolio
from tio.api.market import GetQuotes, Side
from tio.api.orders import OrderType
from tio.api.portfolio import TransactionKind
from tio.api.trading import ListOrders
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

TRADED = "SIM:ACME"
CENT = Decimal("0.01")


class Later(Afternoon):
    """An afternoon so much later."""

    def __init__(self, by: timedelta) -> None:
        super().__init__()
        self._off += by


def made(later: timedelta = timedelta(0)) -> LocalEngine:
    return LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=50.0, portfolio=False)),
        wall=Later(later),
    )


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    engine = made()
    await engine.start()
    await engine.session().ask(CreatePortfolio("main", "USD"))
    money = AddTransaction("main", TransactionKind.deposit, "2026-11-02", amount=Decimal(1_000_000))
    await engine.session().ask(money)
    yield engine
    await engine.close()


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as found:
        yield found


async def price(engine: Engine) -> Decimal:
    (quote,) = await engine.ask(GetQuotes((TRADED,)))
    assert quote.last is not None
    return Decimal(repr(quote.last))


async def card(engine: Engine, entry: str = "0.5", **rest: Any) -> SaveIdea:
    """A buy at a part of the price now, its stop a tenth lower, its target a tenth higher."""
    at = ((await price(engine)) * Decimal(entry)).quantize(CENT)
    told: dict[str, Any] = {
        "portfolio": "main",
        "symbol": TRADED,
        "side": Side.buy,
        "thesis": "it comes back to where it was bought before",
        "entry": at,
        "stop": (at * Decimal("0.9")).quantize(CENT),
        "targets": ((at * Decimal("1.1")).quantize(CENT),),
        "horizon": "2d",
    }
    return SaveIdea(**told | rest)


def again(card: SaveIdea, idea: Idea, **other: Any) -> SaveIdea:
    fields = {name: getattr(card, name) for name in card.__struct_fields__}
    return SaveIdea(**fields | {"id": idea.id} | other)


async def until(engine: Engine, id: str, state: IdeaState) -> ListedIdea:
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await engine.ask(GetIdea(id))
            if found.state is state:
                return found
            await asyncio.sleep(0.05)


async def test_a_card_is_written_listed_and_changed_with_what_was_planned_first(
    engine: Engine,
) -> None:
    fact = Evidence(text="sales grew", figure="12 %", source="10-Q")
    asked = await card(engine, evidence=(fact,), setup="pullback")
    idea = await engine.ask(asked)
    assert (idea.id, idea.author, idea.symbol) == ("i1", "owner", TRADED)
    assert idea.plan.entry_type is OrderType.limit
    assert idea.plan.due - idea.plan.at == timedelta(days=2)
    (listed,) = await engine.ask(ListIdeas("main"))
    assert listed.state is IdeaState.planned
    assert listed.to_entry is not None
    assert -55 < listed.to_entry < -45
    assert listed.r is None

    changed = await engine.ask(again(asked, idea, stop=asked.stop - 1))
    assert [plan.stop for plan in changed.plans] == [asked.stop, asked.stop - 1]
    assert changed.first == idea.plan
    assert changed.plan.due == idea.plan.due
    found = await engine.ask(GetIdea("i1"))
    assert found.idea.plans == changed.plans
    assert await engine.ask(ListIdeas(state=IdeaState.scored)) == ()


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"stop": Decimal(10_000_000)}, "the stop of a buy lies below its entry"),
        ({"targets": (Decimal(1),)}, "the target of a buy lies above its entry"),
        ({"invalidation": Decimal(10_000_000)}, "the invalidation of a buy lies below"),
        ({"thesis": " "}, "an idea needs its thesis"),
        ({"horizon": "soon"}, "'soon' is no horizon"),
        ({"horizon": "9mo 3d"}, "is no horizon"),
        ({"horizon": "2020-01-01"}, "10 minutes to two years"),
        ({"quantity": Decimal(1), "risk": Decimal(5)}, "an idea has one size"),
        ({"risk_percent": Decimal(0)}, "a size is above zero"),
    ],
)
async def test_what_cannot_be_a_plan_is_refused_in_a_sentence(
    engine: Engine, odd: dict[str, Any], told: str
) -> None:
    with pytest.raises(Invalid, match=told):
        await engine.ask(await card(engine, **odd))
    assert await engine.ask(ListIdeas()) == ()


async def test_nothing_is_written_for_what_is_not_there(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no portfolio 'other'"):
        await engine.ask(await card(engine, portfolio="other"))
    with pytest.raises(NotFound):
        await engine.ask(await card(engine, symbol="NOSUCH"))
    with pytest.raises(NotFound, match="there is no idea 'i9'"):
        await engine.ask(GetIdea("i9"))
    with pytest.raises(NotFound, match="there is no idea 'i9'"):
        await engine.ask(TakeIdea("i9"))


async def test_a_card_is_taken_once_as_a_bracket_sized_by_its_risk(engine: Engine) -> None:
    asked = await card(engine, risk=Decimal(5_000), setup="pullback")
    idea = await engine.ask(asked)
    seen = await engine.ask(PreviewIdea(idea.id))
    assert seen.refused == ""
    assert seen.risk is not None
    assert 4_900 < seen.risk <= 5_000
    assert await engine.ask(ListOrders("main", open=True)) == ()

    taken = await engine.ask(TakeIdea(idea.id), key="take")
    assert await engine.ask(TakeIdea(idea.id), key="take") == taken
    assert (await engine.ask(GetIdea(idea.id))).state is IdeaState.taken
    orders = {each.order.id: each.order for each in await engine.ask(ListOrders("main"))}
    assert set(taken.orders) == set(orders)
    entry = orders[taken.orders[0]]
    assert (entry.type, entry.limit) == (OrderType.limit, asked.entry)
    assert {(each.setup, each.idea) for each in orders.values()} == {("pullback", idea.id)}
    assert {each.limit for each in orders.values()} >= set(asked.targets)
    assert {each.stop for each in orders.values()} >= {asked.stop}
    with pytest.raises(Conflict, match="i1 was taken already: p1"):
        await engine.ask(TakeIdea(idea.id))
    with pytest.raises(Conflict, match="it was taken"):
        await engine.ask(again(asked, idea, targets=()))


async def test_a_break_out_is_entered_by_a_stop_order(engine: Engine) -> None:
    idea = await engine.ask(await card(engine, entry="1.5", quantity=Decimal(3)))
    assert idea.plan.entry_type is OrderType.stop
    taken = await engine.ask(TakeIdea(idea.id))
    orders = {each.order.id: each.order for each in await engine.ask(ListOrders("main"))}
    entry = orders[taken.orders[0]]
    assert (entry.type, entry.stop) == (OrderType.stop, idea.plan.entry)
    assert entry.quantity == 3


async def test_a_refused_order_leaves_the_card_as_it_was(engine: Engine) -> None:
    idea = await engine.ask(await card(engine, quantity=Decimal(10_000_000)))
    assert (await engine.ask(PreviewIdea(idea.id))).refused
    with pytest.raises(Conflict, match="buying power") as refused:
        await engine.ask(TakeIdea(idea.id))
    assert refused.value.next
    assert (await engine.ask(GetIdea(idea.id))).state is IdeaState.planned
    assert await engine.ask(ListOrders("main", open=True)) == ()


async def test_a_card_whose_entry_was_reached_stands_as_planned(engine: Engine) -> None:
    asked = await card(engine, entry="1")
    near = await engine.ask(asked)
    found = await until(engine, near.id, IdeaState.entered)
    assert found.r is not None
    assert found.to_entry is None
    with pytest.raises(Conflict, match="its entry was reached on 2026-11-20"):
        await engine.ask(again(asked, near, stop=asked.stop / 2))
    gone = await engine.ask(CloseIdea(near.id, "wrong of me"))
    assert gone.reason == "wrong of me"
    assert gone.open


async def test_a_card_is_given_up_once_and_with_a_reason(engine: Engine) -> None:
    idea = await engine.ask(await card(engine))
    gone = await engine.ask(CloseIdea(idea.id, "the news changed it"), key="close")
    assert await engine.ask(CloseIdea(idea.id, "the news changed it"), key="close") == gone
    (listed,) = await engine.ask(ListIdeas(state=IdeaState.given_up))
    assert listed.idea.reason == "the news changed it"
    assert not listed.idea.open
    with pytest.raises(Conflict, match="i1 is over: it was given up"):
        await engine.ask(CloseIdea(idea.id, "again"))
    with pytest.raises(Conflict, match="i1 cannot be taken: it was given up"):
        await engine.ask(TakeIdea(idea.id))


async def test_a_repeated_write_key_writes_one_card(engine: Engine) -> None:
    asked = await card(engine)
    assert await engine.ask(asked, key="once") == await engine.ask(asked, key="once")
    (_,) = await engine.ask(ListIdeas())


async def test_cards_stay_when_their_portfolio_goes(engine: Engine) -> None:
    await engine.ask(await card(engine))
    await engine.ask(EditPortfolio("main", name="second"))
    (renamed,) = await engine.ask(ListIdeas("second"))
    assert renamed.idea.portfolio == "second"
    await engine.ask(DeletePortfolio("second"))
    await engine.ask(CreatePortfolio("third", "USD"))
    assert await engine.ask(ListIdeas("third")) == ()
    (left,) = await engine.ask(ListIdeas())
    assert left.idea.portfolio == ""


async def test_a_viewer_writes_and_takes_nothing(local: LocalEngine) -> None:
    owner = local.session()
    idea = await owner.ask(await card(owner))
    viewer = local.session(Principal("owner", Role.viewer))
    (_,) = await viewer.ask(ListIdeas())
    for asked in (TakeIdea(idea.id), CloseIdea(idea.id, "no"), await card(owner)):
        with pytest.raises(NotAllowed, match="needs the role trader"):
            await viewer.ask(asked)


@pytest.mark.parametrize("door", DOORS)
async def test_cards_due_while_tio_was_off_are_scored_at_the_next_start(door: str) -> None:
    first = made()
    await first.start()
    engine = first.session()
    await engine.ask(CreatePortfolio("main", "USD"))
    last = await price(engine)
    told: dict[str, Any] = {"stop": last / 2, "targets": (last * 2,), "horizon": "30min"}
    # At the market: it is entered and neither stop nor target is near.
    near = await engine.ask(await card(engine, "1", **told))
    far = await engine.ask(await card(engine, "0.6", **told | {"stop": last / 4}))
    await first.close()

    second = made(timedelta(hours=1))
    await second.start()
    async with through(second, door) as engine:
        found = await until(engine, near.id, IdeaState.scored)
        never = await until(engine, far.id, IdeaState.scored)
        score = found.idea.score
        assert score is not None
        assert score.outcome is Outcome.horizon
        assert score.r is not None
        assert -1 < score.r < 1
        assert 25 <= score.bars <= 30
        assert (score.since, score.until) == (near.plan.at, near.plan.due)
        assert score.scored_at >= datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
        assert never.idea.score is not None
        assert never.idea.score.outcome is Outcome.never_entered
        whole, mine = await engine.ask(GetIdeaRecord(RecordBy.author))
        assert (whole.cards, whole.n, mine.name) == (2, 1, "owner")
        assert mine.mean_r == pytest.approx(score.r)
        with pytest.raises(Conflict, match="it was scored"):
            await engine.ask(CloseIdea(near.id, "no"))
    await second.close()
