"""What models took of a day: exact, over restarts, until midnight UTC."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.config import Analyst, ModelTerms
from tio.engine.analyst.models.spending import Spending
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability

from fakes import FakeClock

NAMES = ("ollama:a", "openai:https://host/v1#b")
DEAR = Analyst(
    models=NAMES,
    model={NAMES[1]: ModelTerms(price_read=0.15, price_written=0.6)},
    cost_a_day=0.01,
)
ROUNDS = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.integers(0, 200_000), st.integers(0, 9_000), st.booleans()
    ),
    max_size=12,
)


async def opened(
    folder: Path, clock: FakeClock, config: Analyst = DEAR
) -> tuple[Spending, Database]:
    database = Database(folder / "tio.db", Durability.normal, tio_schema.STEPS)
    await database.open()
    spending = Spending(config, clock, database)
    await spending.start()
    return spending, database


@settings(max_examples=25)
@given(ROUNDS)
async def test_a_day_is_the_exact_sum_of_its_rounds_whenever_tio_was_started_again(
    rounds: list[tuple[str, int, int, bool]],
) -> None:
    with TemporaryDirectory() as folder:
        clock = FakeClock()
        spending, database = await opened(Path(folder), clock)
        for name, read, written, restart in rounds:
            spending.add(name, read, written)
            if restart:
                await database.settle()
                await database.close()
                spending, database = await opened(Path(folder), clock)
        for name in NAMES:
            own = [each for each in rounds if each[0] == name]
            spent, terms = spending.of(name), DEAR.terms(name)
            assert spent.read == sum(each[1] for each in own)
            assert spent.written == sum(each[2] for each in own)
            assert spent.cost * 1_000_000 == (
                Decimal(str(terms.price_read)) * spent.read
                + Decimal(str(terms.price_written)) * spent.written
            )
        assert spending.over(NAMES[0]) == ""
        over = spending.of(NAMES[1]).cost >= Decimal("0.01")
        assert bool(spending.over(NAMES[1])) is over
        await database.settle()
        await database.close()


async def test_a_day_ends_at_midnight_utc(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    spending, database = await opened(tmp_path, clock)
    spending.add(NAMES[1], 1_000_000, 0)
    assert "0.15 USD were spent today" in spending.over(NAMES[1])
    await clock.advance(timedelta(minutes=1).total_seconds())
    assert spending.over(NAMES[1]) == ""
    assert spending.of(NAMES[1]).tokens == 0
    await database.close()


@pytest.mark.parametrize("started_again", [False, True])
async def test_another_currency_begins_with_no_cost(tmp_path: Path, started_again: bool) -> None:
    clock = FakeClock()
    spending, database = await opened(tmp_path, clock)
    spending.add(NAMES[1], 1_000_000, 0)
    euros = Analyst(models=NAMES, currency="EUR")
    if started_again:
        await database.settle()
        await database.close()
        spending, database = await opened(tmp_path, clock, euros)
    else:
        spending.configure(euros)
    spending.add(NAMES[1], 5, 0)
    told = spending.of(NAMES[1])
    assert (told.tokens, told.cost) == (1_000_005, Decimal(0))
    spending.configure(DEAR)
    assert spending.of(NAMES[1]).cost == Decimal("0.15")
    await database.settle()
    await database.close()
