"""`tio hours`: venues, one venue's day, symbols, mistakes."""

import json
from typing import NamedTuple

import pytest

from tio.commands.running import run


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def capture(capfd: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capfd


def tio(capture: pytest.CaptureFixture[str], *words: str) -> Said:
    code = run(("hours", *words))
    return Said(code, *capture.readouterr())


def test_every_venue_is_listed_from_east_to_west(capture: pytest.CaptureFixture[str]) -> None:
    said = tio(capture)
    assert said.code == 0
    names = [line.split()[0] for line in said.out.splitlines()[1:]]
    assert (names[0], names[-1], len(names)) == ("ASX", "CRYPTO", 17)


def test_a_half_day_is_told_in_the_venues_own_time(capture: pytest.CaptureFixture[str]) -> None:
    said = tio(capture, "nyse", "--date", "2026-11-27")
    assert said.out.splitlines()[1] == "Friday 27 November 2026 · half day: Black Friday"
    assert said.out.splitlines()[4].split()[:5] == ["regular", "Fri", "09:30", "Fri", "13:00"]
    assert said.out.splitlines()[5].split()[:5] == ["post", "Fri", "13:00", "Fri", "17:00"]


def test_a_day_beyond_the_table_is_told_as_unverified(capture: pytest.CaptureFixture[str]) -> None:
    said = tio(capture, "NYSE", "--date", "2150-07-04")
    assert "calendar unverified" in said.out
    assert "weekends are all that is known" in said.err


def test_a_symbol_has_its_venues_hours(capture: pytest.CaptureFixture[str]) -> None:
    said = tio(capture, "7203.T", "--date", "2026-11-24", "--json")
    told = json.loads(said.out)
    assert (told["code"], told["symbol"]) == ("TSE", "7203.TSE")
    assert [span["opens"][11:16] for span in told["spans"]] == ["00:00", "03:30"]
    assert "no source knows 7203.TSE" in told["note"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("NYSE", "--date", "yesterday"), "is no day"),
        (("--date", "2026-11-27"), "needs a venue"),
        (("NYSE", "--date", "2500-01-01"), "1900 to 2199"),
    ],
)
def test_a_mistake_is_one_sentence(
    capture: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    said = tio(capture, *words)
    assert said.code == 2
    assert sentence in said.err
    assert said.out == ""
