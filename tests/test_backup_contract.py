"""What every engine promises of a copy of what a person entered."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from both_engines import DOORS, demo_engine, running, through

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    ListPortfolios,
    ListTransactions,
    RemoveTransaction,
)
from tio.api.portfolio import TransactionKind
from tio.api.system import Backup
from tio.engine.local import LocalEngine

DEPOSIT = AddTransaction(
    "main", TransactionKind.deposit, "2026-11-02", amount=Decimal("1234.56"), note="first"
)


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        await made.session().ask(CreatePortfolio("main", "USD"))
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def test_a_copy_is_made_while_the_engine_runs_and_says_what_is_in_it(
    engine: Engine, tmp_path: Path
) -> None:
    gone = await engine.ask(DEPOSIT)
    await engine.ask(DEPOSIT)
    await engine.ask(RemoveTransaction("main", gone.id))
    made = await engine.ask(Backup(str(tmp_path / "safe.db")))
    assert (made.portfolios, made.entries) == (1, 1)
    assert Path(made.path).stat().st_size == made.bytes
    assert Path(made.path).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["safe.db"]


async def test_a_folder_gets_a_file_of_its_own_and_none_means_the_workspaces(
    engine: Engine, local: LocalEngine, tmp_path: Path
) -> None:
    inside = await engine.ask(Backup(str(tmp_path)))
    assert Path(inside.path).parent == tmp_path
    own = await engine.ask(Backup())
    assert Path(own.path).parent == local.place.folder / "backups"
    assert Path(own.path).name.startswith("tio-demo-")


async def test_nothing_is_overwritten_and_nothing_half_is_left(
    engine: Engine, tmp_path: Path
) -> None:
    there = tmp_path / "safe.db"
    there.write_text("mine")
    with pytest.raises(Conflict, match=r"safe.db is there already"):
        await engine.ask(Backup(str(there)))
    assert there.read_text() == "mine"
    with pytest.raises(NotFound, match="there is no folder"):
        await engine.ask(Backup(str(tmp_path / "none" / "safe.db")))
    with pytest.raises(Invalid, match="the path must be absolute"):
        await engine.ask(Backup("safe.db"))
    assert [each.name for each in tmp_path.iterdir()] == ["safe.db"]


async def test_a_repeat_is_the_first_copy(engine: Engine, tmp_path: Path) -> None:
    told = [await engine.ask(Backup(str(tmp_path)), key="k") for _ in range(2)]
    assert told[0] == told[1]
    assert len(list(tmp_path.iterdir())) == 1


async def test_put_in_place_it_is_what_was(tmp_path: Path) -> None:
    first = demo_engine()
    await first.start()
    session = first.session()
    await session.ask(CreatePortfolio("main", "USD"))
    entry = await session.ask(DEPOSIT)
    made = await session.ask(Backup(str(tmp_path / "safe.db")))
    await session.ask(RemoveTransaction("main", entry.id))
    await session.ask(CreatePortfolio("later", "USD"))
    await first.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{first.place.tio_db}{end}").unlink(missing_ok=True)
    first.place.tio_db.write_bytes(Path(made.path).read_bytes())
    again = demo_engine()
    await again.start()
    try:
        session = again.session()
        assert [each.name for each in await session.ask(ListPortfolios())] == ["main"]
        assert [each.note for each in await session.ask(ListTransactions("main"))] == ["first"]
    finally:
        await again.close()


async def test_only_the_owner_may(local: LocalEngine, tmp_path: Path) -> None:
    admin = local.session(Principal("other", Role.admin))
    with pytest.raises(NotAllowed):
        await admin.ask(Backup(str(tmp_path)))
