import json
from typing import Any

from tio.api.errors import NotFound
from tio.mcp.telling import harmless, sentence, shortened


def test_columns_keep_their_newest_and_rows_their_first() -> None:
    columns: list[Any] = list(range(1_000))
    text = shortened(
        {"time": columns, "close": columns, "rows": [{"n": n} for n in columns[:99]]}, 500
    )

    assert text is not None
    assert len(text) <= 500
    short = json.loads(text)
    assert short["time"] == short["close"]
    assert short["time"][-1] == 999
    assert short["rows"][0] == {"n": 0}
    assert len(short["rows"]) == len(short["time"]) > 3


def test_what_belongs_together_stays_together() -> None:
    n = 300
    names = [f"S{k}" for k in range(n)]
    matrix = [[k * 1_000 + j for j in range(n)] for k in range(n)]
    beside = [{"name": name} for name in names]
    text = shortened({"symbols": names, "matrix": matrix, "details": beside})

    assert text is not None
    short = json.loads(text)
    kept = len(short["symbols"])
    assert kept > 5
    assert short["symbols"] == [each["name"] for each in short["details"]] == names[-kept:]
    assert short["matrix"] == [row[-kept:] for row in matrix[-kept:]]


def test_rows_go_before_what_is_in_them() -> None:
    rows = [{"name": f"row{n}", "parts": list(range(20))} for n in range(100)]
    text = shortened(rows, 1_000)

    assert text is not None
    short = json.loads(text)
    assert 3 <= len(short) < 100
    assert all(len(each["parts"]) == 20 for each in short)


def test_where_rows_are_long_themselves_they_are_cut_too() -> None:
    text = shortened([{"parts": list(range(10_000))} for _ in range(100)], 500)

    assert text is not None
    assert json.loads(text)[0]["parts"][-1] == 9_999


def test_what_cannot_be_shortened_is_not() -> None:
    assert shortened({"text": "x" * 1_000}, 500) is None


def test_an_error_names_no_place_of_this_machine_and_no_key() -> None:
    error = NotFound(
        "the engine at /run/user/1000/tio/main.sock does not answer\x1b[2J",
        "see ~/.config/tio/config.toml; https://example.com/a/b?api_key=abcdef123 said token: xyz",
    )

    said = sentence(error)

    assert said == (
        "the engine at …/main.sock does not answer[2J\n"
        "see …/config.toml; https://example.com/a/b?api_key=*** said token: ***"
    )


def test_a_sentence_without_places_stays() -> None:
    assert harmless("BTC/USD is 1/2 of it, see the LOG") == "BTC/USD is 1/2 of it, see the LOG"
