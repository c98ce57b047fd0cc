"""A file brought in on PORT: looked at row by row, each decision taken back, entered at once."""

from pathlib import Path

import import_scene as scene
import pytest
from portfolio_terminal import SIZES, answer, app_on, row, shown
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.errors import NotFound, SourceUnavailable
from tio.api.imports import ImportTransactions, Meant
from tio.api.mappings import CsvField, GuessMapping, SaveMapping
from tio.screens.importing import ImportScreen
from tio.screens.path_question import suggested, whole
from tio.screens.widgets.book_pane import BookPane

from fakes import FakeEngine

PATH = "/x/own.csv"


async def opened(pilot: Pilot[None], words: str = "ENTRY") -> str:
    """The screen's text once the file's rows, or its columns, are shown."""
    await shown(pilot)
    await pilot.press("i")
    await answer(pilot, "File to bring into main", PATH)
    await until(pilot, lambda: words in seen(pilot))
    return await at_rest(pilot)


def imports(fake: FakeEngine) -> list[ImportTransactions]:
    return [each for each in fake.asked if isinstance(each, ImportTransactions)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_each_row_with_its_line_and_what_becomes_of_it(
    size: tuple[int, int],
) -> None:
    async with app_on(scene.engine()).run_test(size=size) as pilot:
        text = await opened(pilot)
        assert "1 new  1 doubled  1 odd  1 refused  2 will be entered" in text
        assert "✓ new     buy 10 AAPL at 100.00 USD" in row(text, "2")
        assert "– doubled buy 7 AAPL" in row(text, "3")
        assert "✓ odd     buy 5 US0000000001" in row(text, "4")
        assert "– refused" in row(text, "5")
        assert "x leaves it out" in text  # The row stood on, in full.
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_a_row_is_left_out_and_taken_again() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "1 will be entered" in seen(pilot))
        assert "– new" in row(await at_rest(pilot), "2")
        assert imports(fake)[-1].skip == (2,)
        await pilot.press("x")
        await until(pilot, lambda: imports(fake)[-1].skip == ())
        assert "2 will be entered" in await at_rest(pilot)
        assert all(each.dry_run for each in imports(fake))


async def test_a_doubled_row_is_taken_all_the_same_and_left_again() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("j", "x")
        await until(pilot, lambda: "3 will be entered" in seen(pilot))
        await until(pilot, lambda: imports(fake)[-1].take == (3,))
        await pilot.press("x")
        await until(pilot, lambda: imports(fake)[-1].take == ())
        assert imports(fake)[-1].skip == ()


async def test_a_row_that_cannot_be_read_is_not_taken_and_says_why() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("end", "x")
        await until(pilot, lambda: "line 5 cannot be entered" in seen(pilot))
        assert "'many' is no number" in await at_rest(pilot)
        assert len(imports(fake)) == 1


async def test_an_isin_is_given_a_symbol_and_freed_of_it_again() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("j", "j", "s")
        await answer(pilot, "US0000000001 is the symbol", "NVDA")
        await until(pilot, lambda: "buy 5 NVDA" in seen(pilot))
        assert imports(fake)[-1].symbols == (Meant(scene.ISIN, "NVDA"),)
        await pilot.press("s")
        await answer(pilot, "US0000000001 is the symbol", "")
        await until(pilot, lambda: "buy 5 US0000000001" in seen(pilot))
        assert imports(fake)[-1].symbols == ()


async def test_only_rows_to_look_at_can_be_shown() -> None:
    async with app_on(scene.engine()).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "buy 10 AAPL" not in seen(pilot))
        assert "buy 7 AAPL" in await at_rest(pilot)


async def test_it_is_entered_after_asking_and_port_stands_on_the_ledger_and_says_how_to_undo() -> (
    None
):
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await answer(pilot, "Enter 2 of own.csv into main?", "n")
        await at_rest(pilot)
        assert all(each.dry_run for each in imports(fake))
        await pilot.press("enter")
        await answer(pilot, "Enter 2 of own.csv into main?", "y")
        await until(
            pilot, lambda: "2 entered from own.csv as change 12; u undoes it" in seen(pilot)
        )
        assert not isinstance(pilot.app.screen, ImportScreen)
        assert [each.dry_run for each in imports(fake)] == [True, False]
        title = pilot.app.screen.query_one(BookPane).border_title
        assert title == "ledger · main"


async def test_what_cannot_be_entered_now_stays_to_be_entered_again() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        fake.answers[ImportTransactions] = SourceUnavailable("the engine is restarting")
        await pilot.press("enter")
        await answer(pilot, "Enter 2 of", "y")
        await until(pilot, lambda: "The engine is restarting" in seen(pilot))
        assert isinstance(pilot.app.screen, ImportScreen)
        assert "2 will be entered" in await at_rest(pilot)


async def test_what_the_ledger_cannot_bear_is_told_until_the_row_is_left_out() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await answer(pilot, "Account of rows that name none", "short")
        await until(pilot, lambda: "The ledger cannot bear line 9" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "x leaves a row out" in seen(pilot))
        await pilot.press("end", "x")
        await until(pilot, lambda: "cannot bear line 9" not in seen(pilot))
        assert imports(fake)[-1].skip == (9,)


async def test_a_file_that_is_none_is_told_in_its_sentence() -> None:
    fake = scene.engine()
    fake.answers[ImportTransactions] = NotFound("there is no file /x/own.csv")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, "There is no file /x/own.csv")
        assert "i takes another file" in text
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ImportScreen)
        await pilot.press("escape")
        await shown(pilot)


async def test_another_kind_of_file_can_be_named() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("f")
        await answer(pilot, "Kind of file", "coinbase")
        await until(pilot, lambda: imports(fake)[-1].format == "coinbase")
        assert "will be entered" in await at_rest(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_no_reader_knows_has_its_columns_chosen(size: tuple[int, int]) -> None:
    async with app_on(scene.engine(mapped=True)).run_test(size=size) as pilot:
        text = await opened(pilot, "no reader knows it")
        assert "0 of 3 lines can be read so" in text
        assert "‹ nothing ›" in row(text, "Wann")
        assert "‹ quantity ›" in row(text, "Stück")
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_columns_words_and_dates_are_chosen_kept_and_the_file_is_read_so() -> None:
    fake = scene.engine(mapped=True)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot, "no reader knows it")
        await pilot.press("right")
        await until(pilot, lambda: "3 of 3 lines can be read so" in seen(pilot))
        await pilot.press("down", "down", "c")
        await answer(pilot, "tausch is …", "buy")
        await until(pilot, lambda: "‹ buy ›" in seen(pilot))
        await pilot.press("w")
        await answer(pilot, "Keep the mapping by a name", "mybank")
        await until(pilot, lambda: "will be kept as mybank" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "2 will be entered" in seen(pilot))
        mapping = imports(fake)[-1].mapping
        assert mapping is not None
        assert mapping.column(CsvField.date) == "Wann"
        assert [(each.word, each.kind.value) for each in mapping.kinds] == [("tausch", "buy")]
        assert not [each for each in fake.asked if isinstance(each, SaveMapping)]
        await pilot.press("enter")
        await answer(pilot, "Enter 2 of own.csv", "y")
        await until(pilot, lambda: "2 entered from own.csv" in seen(pilot))
        (saved,) = [each for each in fake.asked if isinstance(each, SaveMapping)]
        assert (saved.name, saved.mapping) == ("mybank", mapping)


async def test_another_encoding_has_the_columns_guessed_anew() -> None:
    fake = scene.engine(mapped=True)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        text = await opened(pilot, "no reader knows it")
        lines = [line for line in text.splitlines() if "‹" in line]
        at = next(n for n, line in enumerate(lines) if "encoding" in line)
        await pilot.press(*["down"] * at, "right")
        await until(
            pilot, lambda: isinstance(fake.asked[-1], GuessMapping) and fake.asked[-1].encoding
        )
        assert fake.asked[-1] == GuessMapping(PATH, None, "utf-16", ";")


async def test_what_is_not_among_the_choices_is_refused() -> None:
    fake = scene.engine(mapped=True)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot, "no reader knows it")
        asked = len(fake.asked)
        await pilot.press("c")
        await answer(pilot, "Wann is …", "day")
        await until(pilot, lambda: "day is not among date" in seen(pilot))
        assert len(fake.asked) == asked


async def test_discreet_hides_what_rows_are_worth() -> None:
    async with app_on(scene.engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("z", "i")
        await answer(pilot, "File to bring into main", PATH)
        await until(pilot, lambda: "will be entered" in seen(pilot))
        assert "100.00" not in await at_rest(pilot)


def test_a_path_goes_on_with_the_first_that_begins_so(tmp_path: Path) -> None:
    (tmp_path / "brokers").mkdir()
    (tmp_path / "brokers" / "b.csv").touch()
    (tmp_path / "brokers" / ".hidden").touch()
    assert suggested(f"{tmp_path}/bro") == f"{tmp_path}/brokers/"
    assert suggested(f"{tmp_path}/brokers/") == f"{tmp_path}/brokers/b.csv"
    assert suggested(f"{tmp_path}/none/") is None
    assert suggested("") is None


def test_a_path_is_told_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert whole(" '~/b.csv' ") == f"{tmp_path}/b.csv"
