"""What every engine promises of files brought into a ledger, in process and over the socket."""

import csv
import gzip
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from both_engines import DOORS, running, through
from flex_texts import trade

from tio.api.contract import Engine
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.imports import (
    ExportPortfolio,
    ImportPreview,
    ImportTransactions,
    ListFileFormats,
    Meant,
    RowState,
)
from tio.api.ledger import (
    CreatePortfolio,
    GetPositions,
    ListChanges,
    ListTransactions,
    UndoTransaction,
)
from tio.api.performance import GetPerformance
from tio.engine.local import LocalEngine

HEADER = (
    "kind",
    "at",
    "symbol",
    "quantity",
    "price",
    "amount",
    "currency",
    "note",
    "to_account",
    "cost_share",
    "reference",
)
DEPOSIT = {"kind": "deposit", "at": "2026-11-02", "amount": "10000", "currency": "USD"}
BUY = {"kind": "buy", "at": "2026-11-03", "symbol": "ACME", "quantity": "10", "price": "100"}
STRANGE = {"kind": "buy", "at": "2026-11-04", "symbol": "US0000000001", "quantity": "5"}
SALE = {"kind": "sell", "at": "2026-11-05", "symbol": "ACME", "quantity": "4", "price": "110"}
ROWS = (DEPOSIT, BUY | {"reference": "T1"}, STRANGE | {"price": "20"}, SALE | {"reference": "T2"})


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        await made.session().ask(CreatePortfolio("main", "USD"))
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


def written(path: Path, *rows: dict[str, str]) -> str:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path / "broker.csv", *ROWS)


async def bring(engine: Engine, path: str, **asked: Any) -> ImportPreview:
    return await engine.ask(ImportTransactions("main", path, dry_run=False, **asked))


async def test_a_preview_tells_and_changes_nothing(engine: Engine, file: str) -> None:
    told = await engine.ask(ImportTransactions("main", file))
    assert (told.format, told.new, told.odd, told.refused, told.taken) == ("tio_csv", 3, 1, 0, 4)
    assert told.change is None
    odd = told.rows[0]
    assert (odd.line, odd.state, odd.taken) == (4, RowState.odd, True)
    assert "US0000000001" in odd.why
    assert {each.spelled: each.symbol for each in told.symbols} == {
        "ACME": "SIM:ACME",
        "US0000000001": "",
    }
    assert await engine.ask(ListTransactions("main")) == ()


async def test_an_import_is_one_change_and_one_undo(engine: Engine, file: str) -> None:
    told = await bring(engine, file)
    assert told.change is not None
    assert (told.change.entries, told.change.what) == (4, "import broker.csv (tio (CSV))")
    entries = await engine.ask(ListTransactions("main"))
    assert len({each.batch for each in entries}) == 1
    held = await engine.ask(GetPositions("main"))
    assert {each.symbol: each.quantity for each in held.positions} == {
        "SIM:ACME": Decimal(6),
        "US0000000001": Decimal(5),
    }
    await engine.ask(UndoTransaction("main"))
    assert await engine.ask(ListTransactions("main")) == ()


async def test_the_same_file_again_brings_nothing(engine: Engine, file: str) -> None:
    await bring(engine, file)
    again = await bring(engine, file)
    assert (again.doubled, again.taken, again.change) == (4, 0, None)
    changes = await engine.ask(ListChanges("main", 10))
    assert len(changes) == 1
    taken = await bring(engine, file, take=(3,))
    assert taken.taken == 1
    assert (await engine.ask(ListTransactions("main")))[0].reference in ("T1", "T2")


async def test_a_repeated_write_key_gives_the_first_answer(engine: Engine, file: str) -> None:
    asked = ImportTransactions("main", file, dry_run=False)
    first = await engine.ask(asked, key="once")
    assert first.change is not None
    assert await engine.ask(asked, key="once") == first
    nothing = await engine.ask(asked, key="twice")
    assert (nothing.doubled, nothing.change) == (4, None)
    await engine.ask(UndoTransaction("main"))
    assert await engine.ask(asked, key="twice") == nothing
    assert await engine.ask(ListTransactions("main")) == ()


async def test_lines_left_out_are_not_entered(engine: Engine, file: str) -> None:
    told = await bring(engine, file, skip=(5, 4))
    assert told.taken == 2
    kinds = [each.kind.value for each in await engine.ask(ListTransactions("main"))]
    assert kinds == ["buy", "deposit"]


async def test_what_a_spelling_stands_for_is_said_once(engine: Engine, file: str) -> None:
    told = await bring(engine, file, symbols=(Meant("US0000000001", "BTC-USD"),))
    assert (told.odd, told.new) == (0, 4)
    await engine.ask(UndoTransaction("main"))
    again = await engine.ask(ImportTransactions("main", file))
    assert {each.symbol for each in again.symbols} == {"SIM:ACME", "SIM:BTC-USD"}
    wrong = await engine.ask(
        ImportTransactions("main", file, symbols=(Meant("US0000000001", "NOBODY"),))
    )
    assert (wrong.refused, wrong.rows[0].line) == (1, 4)
    assert "US0000000001 → NOBODY" in wrong.rows[0].why


async def test_rows_that_cannot_be_are_named_by_line_and_the_rest_is_taken(
    engine: Engine, tmp_path: Path
) -> None:
    bad = {"kind": "buy", "at": "2026-11-03", "symbol": "ACME", "quantity": "many", "price": "1"}
    path = written(tmp_path / "bad.csv", ROWS[0], bad, ROWS[1])
    told = await bring(engine, path)
    assert (told.refused, told.taken) == (1, 2)
    assert (told.rows[0].line, told.rows[0].taken) == (3, False)


async def test_what_the_ledger_cannot_bear_is_refused_whole(engine: Engine, tmp_path: Path) -> None:
    sale = {"kind": "sell", "at": "2026-11-05", "symbol": "ACME", "quantity": "4", "price": "1"}
    path = written(tmp_path / "short.csv", ROWS[0], sale)
    told = await engine.ask(ImportTransactions("main", path))
    assert "4 sold, and 0 held" in told.trouble
    assert told.trouble_line == 3
    assert [row.line for row in told.rows] == [2, 3]
    without = await engine.ask(ImportTransactions("main", path, skip=(3,)))
    assert (without.trouble, without.taken) == ("", 1)
    with pytest.raises(Invalid, match="4 sold, and 0 held"):
        await engine.ask(ImportTransactions("main", path, dry_run=False))
    assert await engine.ask(ListTransactions("main")) == ()


async def test_an_entry_of_the_ledger_that_would_break_is_no_line_of_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    await bring(engine, written(tmp_path / "first.csv", DEPOSIT, BUY, SALE | {"quantity": "8"}))
    before = SALE | {"at": "2026-11-04", "quantity": "5"}
    told = await engine.ask(ImportTransactions("main", written(tmp_path / "then.csv", before)))
    assert "8 sold, and 5 held" in told.trouble
    assert told.trouble_line == 0


async def test_ten_thousand_lines_with_three_bad_ones(engine: Engine, tmp_path: Path) -> None:
    rows = [{"kind": "deposit", "at": "2026-11-02", "amount": f"{n + 1}"} for n in range(10_000)]
    for line in (17, 5_000, 9_999):
        rows[line - 2]["amount"] = "-5"
    told = await bring(engine, written(tmp_path / "long.csv", *rows))
    assert (told.refused, told.taken) == (3, 9_997)
    assert [row.line for row in told.rows if row.state is RowState.refused] == [17, 5_000, 9_999]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("notes.txt", b"buy milk", "is of no kind that is known here"),
        ("empty.csv", b"", "is of no kind that is known here"),
        ("bytes.csv", bytes(range(256)), "is of no kind that is known here"),
    ],
)
async def test_a_file_that_is_none_is_one_sentence(
    engine: Engine, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid, match=told):
        await engine.ask(ImportTransactions("main", str(path)))


async def test_a_path_must_be_absolute_and_there(engine: Engine, file: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="must be absolute"):
        await engine.ask(ImportTransactions("main", "broker.csv"))
    with pytest.raises(NotFound, match="there is no file"):
        await engine.ask(ImportTransactions("main", str(tmp_path / "none.csv")))
    with pytest.raises(NotFound, match="no kind of file 'abc'"):
        await engine.ask(ImportTransactions("main", file, format="abc"))


@pytest.mark.parametrize("format", ["csv", "json"])
async def test_what_is_written_out_comes_back_whole(
    engine: Engine, file: str, tmp_path: Path, format: str
) -> None:
    await bring(engine, file)
    before = await engine.ask(ListTransactions("main"))
    out = tmp_path / f"out.{format}"
    report = await engine.ask(ExportPortfolio("main", str(out), format))
    assert (report.entries, report.bytes) == (4, out.stat().st_size)
    with pytest.raises(Conflict, match="there is a file"):
        await engine.ask(ExportPortfolio("main", str(out), format))
    await engine.ask(CreatePortfolio("other", "USD"))
    await engine.ask(ImportTransactions("other", str(out), dry_run=False))
    after = await engine.ask(ListTransactions("other"))

    def content(entries: Any) -> list[Any]:
        return [
            (e.kind, e.at, e.symbol, e.quantity, e.price, e.amount, e.rate, e.reference)
            for e in entries
        ]

    assert content(after) == content(before)


async def test_formats_are_listed(engine: Engine) -> None:
    formats = await engine.ask(ListFileFormats())
    assert {"ghostfolio", "tio_csv", "portfolio_performance"} <= {
        each.name for each in formats if each.reads
    }
    assert {"csv", "json"} <= {each.name for each in formats if each.writes}


async def test_a_packed_file_is_read_as_what_is_in_it(engine: Engine, tmp_path: Path) -> None:
    plain = Path(written(tmp_path / "broker.csv", *ROWS))
    packed = tmp_path / "broker.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    told = await engine.ask(ImportTransactions("main", str(packed)))
    assert (told.format, told.taken) == ("tio_csv", 4)
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(Invalid, match=r"broker.csv.gz is packed by gzip and broken"):
        await engine.ask(ImportTransactions("main", str(packed)))


async def test_the_brokers_own_rate_of_the_day_is_booked(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "flex.xml"
    line = trade(currency="XAF", ibCommissionCurrency="XAF", fxRateToBase="0.0016", symbol="ZZZ")
    file.write_text(
        '<FlexQueryResponse type="AF"><FlexStatements><FlexStatement accountId="U1">\n'
        f'<AccountInformation currency="USD" />\n{line}\n'
        "</FlexStatement></FlexStatements></FlexQueryResponse>"
    )
    await bring(engine, str(file))
    (entry,) = await engine.ask(ListTransactions("main"))
    assert (entry.currency, entry.rate) == ("XAF", Decimal("0.0016"))
    # Nobody here tells what a franc is worth: the ledger's own rate stands for it, as stale.
    held = await engine.ask(GetPositions("main"))
    assert (held.lacks, held.positions[0].rate) == ((), Decimal("0.0016"))
    assert held.positions[0].stale
    told = await engine.ask(GetPerformance("main"))
    assert told.lacks == ()
    assert told.end_value == pytest.approx(float(held.nav or 0))


async def test_a_refused_line_is_shown_however_many_odd_ones_come_before(
    engine: Engine, tmp_path: Path
) -> None:
    odd = [STRANGE | {"price": "20", "reference": f"T{each}"} for each in range(1_001)]
    path = written(tmp_path / "long.csv", *odd, STRANGE | {"quantity": "some"})
    told = await engine.ask(ImportTransactions("main", path))
    assert (told.odd, told.refused, len(told.rows)) == (1_001, 1, 1_000)
    assert [(row.line, row.state) for row in told.rows[:2]] == [
        (1_003, RowState.refused),
        (2, RowState.odd),
    ]
