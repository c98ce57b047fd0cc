"""The shell: tables for people, JSON and CSV for programs, one sentence and a code for mistakes."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tio.commands.running import run

Tio = Callable[..., "Said"]
BARS = (
    "time,open,high,low,close,volume\n"
    "2024-03-04,10,12,9,11,100\n"
    "2024-03-05,11,13,10,12,200\n"
    "2024-03-06,12,x,11,12.5,300\n"
)
FRAMES = (
    "wss://ws-feed.exchange.coinbase.com <-> 1618677816.84\n"
    '1618677817.5: {"type":"match","trade_id":1,"side":"buy","size":"1","price":"100.5",'
    '"product_id":"BTC-USD","time":"2021-04-17T16:43:37.000000Z"}\n'
    '1618677818.5: {"type":"match","trade_id":2,"side":"sell","size":"2","price":"99.25",'
    '"product_id":"BTC-USD","time":"2021-04-17T16:43:38.000000Z"}\n'
)


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def tio(capfd: pytest.CaptureFixture[str]) -> Tio:
    def call(*arguments: str) -> Said:
        code = run(arguments)
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def imported(tio: Tio, tmp_path: Path) -> Said:
    file = tmp_path / "acme.csv"
    file.write_text(BARS)
    return tio("import", "bars", str(file), "--symbol", "ACME", "--timeframe", "1d")


@pytest.fixture
def replayed(tio: Tio, tmp_path: Path) -> Said:
    file = tmp_path / "session.txt"
    file.write_text(FRAMES)
    return tio("replay", str(file), "--speed", "max", "--until-end")


def test_help_begins_with_an_example(tio: Tio) -> None:
    said = tio("--help")
    assert said.code == 0
    assert "Example: tio demo" in said.out


@pytest.mark.parametrize(
    "command",
    [
        ["quote"],
        ["bars"],
        ["chart"],
        ["watch"],
        ["indicators", "list"],
        ["indicators", "show"],
        ["indicators", "compute"],
        ["drawings", "list"],
        ["drawings", "add"],
        ["drawings", "delete"],
        ["drawings", "rescale"],
        ["layouts", "list"],
        ["layouts", "show"],
        ["layouts", "delete"],
        ["levels"],
        ["ask"],
        ["chats", "show"],
        ["watchlist", "add"],
        ["watchlist", "columns"],
        ["import", "bars"],
        ["export", "bars"],
        ["replay"],
        ["record"],
        ["demo"],
        ["daemon", "start"],
        ["daemon", "stop"],
        ["daemon", "status"],
        ["daemon", "logs"],
        ["daemon", "run"],
        ["attach"],
        ["call"],
        ["words"],
        ["config", "show"],
        ["config", "edit"],
        ["doctor"],
        ["completion"],
        ["go"],
        ["open"],
    ],
    ids=" ".join,
)
def test_every_command_shows_an_example(tio: Tio, command: list[str]) -> None:
    said = tio(*command, "--help")
    assert said.code == 0
    assert f"Example: tio {command[0]}" in said.out


def test_version_is_told(tio: Tio) -> None:
    from tio import __version__

    assert tio("--version").out == f"tio {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nosuch"], 2),
        (["quote"], 2),
        (["quote", "NOSUCH-USD"], 3),
        (["bars", "NOSUCH-USD"], 3),
        (["bars", "BTC-USD", "--timeframe", "7m"], 2),
        (["bars", "BTC-USD", "--limit", "0"], 2),
        (["bars", "BTC-USD", "--start", "yesterday"], 2),
        (["call", "GetBar"], 2),
        (["call", "GetBars", "{"], 2),
        (["call", "GetBars", '{"symbol":"A","colour":1}'], 2),
        (["call", "GetBars", "@/no/such/file"], 3),
        (["attach"], 4),
        (["daemon", "stop"], 3),
        (["daemon", "status"], 4),
        (["daemon", "logs"], 3),
        (["demo", "--rate", "0.5"], 2),
        (["demo", "--symbols", "9999"], 2),
        (["replay", "/no/such/file"], 3),
        (["replay", "x", "--speed", "fast"], 2),
        (["replay", "x", "--workspace", "main"], 2),
        (["quote", "A", "--workspace", "No Good"], 2),
        (["import", "bars", "/no/such.csv", "--symbol", "A", "--timeframe", "1d"], 3),
        (["watchlist", "show", "nosuch"], 3),
        (["open", "nosuch"], 2),
        (["open", "chart", "--link", "Z"], 2),
        (["completion", "tcsh"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_mistake_gets_its_exit_code_and_a_sentence(
    tio: Tio, arguments: list[str], code: int
) -> None:
    said = tio(*arguments)
    assert said.code == code
    assert said.err or "no engine" in said.out
    assert "Traceback" not in said.err


def test_replayed_frames_can_be_asked_for_afterwards(tio: Tio, replayed: Said) -> None:
    assert replayed.code == 0
    assert "2 frames, 2 ticks" in replayed.out
    said = tio("quote", "BTC-USD", "--workspace", "replay", "--json")
    (quote,) = json.loads(said.out)
    assert (quote["last"], quote["source"]) == (99.25, "coinbase")
    table = tio("quote", "btc/usd", "--workspace", "replay")
    assert "99.25" in table.out


def test_quotes_as_csv_have_every_field(tio: Tio, replayed: Said) -> None:
    said = tio("quote", "BTC-USD", "-w", "replay", "--csv")
    (row,) = csv.DictReader(io.StringIO(said.out))
    assert row["symbol"] == "BTC-USD"
    assert row["as_of"] == "2021-04-17T16:43:38Z"


def test_import_tells_what_it_left_out(imported: Said) -> None:
    assert imported.code == 0
    assert "took 2 bars" in imported.out
    assert "1 rows rejected" in imported.out
    assert "4" in imported.out.splitlines()[-1]


def test_imported_bars_come_back_as_table_json_and_csv(tio: Tio, imported: Said) -> None:
    assert "2024-03-05" in tio("bars", "ACME").out
    document = json.loads(tio("bars", "ACME", "--json").out)
    assert document["close"] == [11.0, 12.0]
    assert document["time"] == ["2024-03-04T00:00:00Z", "2024-03-05T00:00:00Z"]
    rows = list(csv.DictReader(io.StringIO(tio("export", "bars", "ACME").out)))
    assert [row["close"] for row in rows] == ["11.0", "12.0"]
    assert len(json.loads(tio("bars", "ACME", "--json", "--limit", "1").out)["time"]) == 1


def test_what_was_exported_can_be_imported(tio: Tio, imported: Said, tmp_path: Path) -> None:
    file = tmp_path / "again.csv"
    file.write_text(tio("export", "bars", "ACME").out)
    tio("import", "bars", str(file), "--symbol", "COPY", "--timeframe", "1d")
    original = json.loads(tio("bars", "ACME", "--json").out)
    copy = json.loads(tio("bars", "COPY", "--json").out)
    for column in ("time", "open", "high", "low", "close", "volume"):
        assert original[column] == copy[column]


def test_dry_run_stores_nothing(tio: Tio, tmp_path: Path) -> None:
    file = tmp_path / "acme.csv"
    file.write_text(BARS)
    said = tio("import", "bars", str(file), "--symbol", "ACME", "--timeframe", "1d", "--dry-run")
    assert "would take 2 bars" in said.out
    assert tio("bars", "ACME").code == 3


def test_bar_file_without_its_particulars_names_the_options(tio: Tio, tmp_path: Path) -> None:
    file = tmp_path / "acme.csv"
    file.write_text("time,open,high,low,close,volume\n2024-03-04 10:00,1,1,1,1,1\n")
    said = tio("import", "bars", str(file))
    assert said.code == 2
    for option in ("--symbol", "--timeframe"):
        assert option in said.err


def test_chart_is_plain_when_piped(tio: Tio, imported: Said) -> None:
    said = tio("chart", "ACME", "--width", "60", "--height", "15")
    assert said.code == 0
    assert "ACME" in said.out
    assert "\x1b" not in said.out


def test_watchlist_is_made_changed_and_deleted(tio: Tio, tmp_path: Path) -> None:
    tio("watchlist", "add", "tech", "AAPL", "MSFT", "AAPL")
    tio("watchlist", "remove", "tech", "MSFT")
    assert json.loads(tio("watchlist", "--json").out) == [
        {"name": "tech", "symbols": ["AAPL"], "columns": []}
    ]
    file = tmp_path / "more.csv"
    file.write_text("symbol,name\nNVDA,Nvidia\n# no\nAMD,\n")
    tio("watchlist", "import", "chips", str(file))
    assert tio("watchlist", "show", "chips").out.split() == ["NVDA", "AMD"]
    assert tio("watchlist", "export", "chips").out == "symbol\nNVDA\nAMD\n"
    assert tio("watchlist", "remove", "chips", "INTC").code == 3
    assert tio("watchlist", "delete", "tech").code == 0
    assert [each["name"] for each in json.loads(tio("watchlist", "--json").out)] == ["chips"]


def test_a_list_chooses_its_columns_and_keeps_them(tio: Tio) -> None:
    tio("watchlist", "add", "tech", "AAPL")
    assert tio("watchlist", "columns", "tech").out == ""
    assert tio("watchlist", "columns", "tech", "last", "HIGH", "last").code == 0
    tio("watchlist", "add", "tech", "MSFT")
    tio("watchlist", "remove", "tech", "AAPL")
    (held,) = json.loads(tio("watchlist", "--json").out)
    assert held == {"name": "tech", "symbols": ["MSFT"], "columns": ["last", "high"]}
    assert tio("watchlist", "columns", "tech").out.split() == ["last", "high"]
    refused = tio("watchlist", "columns", "tech", "hihg")
    assert (refused.code, "did you mean high?" in refused.err) == (2, True)
    assert tio("watchlist", "columns", "tech", "low", "--fitting").code == 2
    assert tio("watchlist", "columns", "nosuch", "low").code == 3
    tio("watchlist", "columns", "tech", "--fitting")
    assert json.loads(tio("watchlist", "--json").out)[0]["columns"] == []


def test_the_shell_knows_the_columns_the_desk_can_show() -> None:
    from tio.commands.lists import COLUMNS
    from tio.screens.widgets.quote_columns import CHOICES

    assert tuple(CHOICES) == COLUMNS


def test_call_reads_its_fields_from_a_file(tio: Tio, imported: Said, tmp_path: Path) -> None:
    fields = tmp_path / "fields.json"
    fields.write_text('{"symbol": "ACME"}')
    assert json.loads(tio("call", "GetBars", f"@{fields}").out)["symbol"] == "ACME"


def test_topic_prints_one_json_line_an_item(tio: Tio, replayed: Said) -> None:
    said = tio(
        "call", "Quotes", '{"symbols": ["BTC-USD"]}', "--count", "1", "--workspace", "replay"
    )
    (line,) = said.out.splitlines()
    item = json.loads(line)
    assert item["snapshot"] is True
    assert item["value"][0]["last"] == 99.25


def test_words_are_listed_with_their_schemas(tio: Tio) -> None:
    entries = json.loads(tio("words", "--json").out)
    assert {"GetQuotes", "Quotes"} <= {entry["name"] for entry in entries}
    one = json.loads(tio("words", "GetBars").out)
    assert "limit" in json.dumps(one["with"])


def test_desk_is_printed_once_without_a_terminal(tio: Tio) -> None:
    said = tio("demo")
    assert said.code == 0
    assert "SIM:ACME" in said.out
    assert "watchlist" in said.out
    empty = tio()
    assert empty.code == 0


def test_what_a_schedule_left_stands_on_the_desk_until_it_is_read(tio: Tio) -> None:
    demo = ("--workspace", "demo")
    tio("analyst", "schedule", "add", "brief", "SIM:ACME", "--at", "08:30", *demo)
    assert tio("analyst", "schedule", "run", "brief SIM:ACME", *demo).code == 0
    desk = tio("demo").out
    assert "SAYS" in desk
    assert "r1      new" in desk
    assert tio("analyst", "reports", "r1", *demo).code == 0
    assert "SAYS" not in tio("demo").out


def test_config_mistake_names_line_and_remedy(tio: Tio, home: Path) -> None:
    file = Path(tio("config", "path").out.strip())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[ui]\nthem = "dark"\n')
    said = tio("config", "check")
    assert said.code == 78
    assert f"{file}:2" in said.err
    assert "theme" in said.err
    assert tio("quote", "A").code == 78
    file.write_text('[ui]\ntheme = "light"\n')
    assert tio("config", "check").code == 0
    assert json.loads(tio("config", "show", "--json").out)["ui"]["theme"] == "light"


def test_doctor_finds_a_healthy_machine(tio: Tio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    said = tio("doctor", "--json")
    findings = json.loads(said.out)
    assert {finding["what"] for finding in findings} >= {"terminal", "store", "engine"}
    assert said.code == 0


def test_completion_script_is_printed(tio: Tio) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_TIO_COMPLETE" in tio("completion", shell).out


PAYLOAD = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e[/nope]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["quote", PAYLOAD],
        ["bars", PAYLOAD],
        ["watchlist", "show", PAYLOAD],
        ["watchlist", "add", f"l{PAYLOAD}", f"S{PAYLOAD}"],
        ["call", PAYLOAD],
        ["call", "GetQuotes", PAYLOAD],
        ["words", PAYLOAD],
        ["replay", PAYLOAD],
        ["open", PAYLOAD],
        ["import", "bars", PAYLOAD],
        ["completion", PAYLOAD],
        ["demo", "--workspace", PAYLOAD],
    ],
    ids=lambda arguments: " ".join(arguments[:-1]),
)
def test_no_control_byte_reaches_the_terminal(tio: Tio, arguments: list[str]) -> None:
    said = tio(*arguments)
    tio("watchlist")
    text = (said.out + said.err).replace("\n", "")
    assert not [c for c in text if unicodedata.category(c) == "Cc"]
    assert "\u202e" not in text


def test_reference_in_the_docs_is_what_the_words_say(tio: Tio) -> None:
    docs = Path(__file__).parents[2] / "docs" / "words.md"
    assert tio("words", "--markdown").out == docs.read_text(), "run: tio words --markdown"


def test_long_answer_stays_whole_json(tio: Tio, tmp_path: Path) -> None:
    rows = (
        f"2024-01-{day:02d} {hour:02d}:{minute:02d},1,2,1,1.5,10"
        for day in range(1, 5)
        for hour in range(24)
        for minute in range(60)
    )
    file = tmp_path / "long.csv"
    file.write_text("\n".join(["time,open,high,low,close,volume", *rows]) + "\n")
    said = tio("import", "bars", str(file), "--symbol", "X-USD", "--tf", "1m", "--tz", "UTC")
    assert said.code == 0
    fields = '{"symbol": "X-USD", "timeframe": "1m", "limit": 50000}'
    assert len(json.loads(tio("call", "GetBars", fields).out)["time"]) == 4 * 24 * 60


def test_quote_of_an_engine_started_for_it_has_a_price(tio: Tio) -> None:
    (quote,) = json.loads(tio("quote", "SIM:ACME", "--workspace", "demo", "--json").out)
    assert quote["last"] > 0
    assert quote["delay"] == "simulated"


def test_key_that_clashes_is_found_by_the_check(tio: Tio) -> None:
    file = Path(tio("config", "path").out.strip())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[keys]\n"app.quit" = "r"\n')
    said = tio("config", "check")
    assert said.code == 78
    assert "quit" in said.err
    assert "refresh" in said.err
