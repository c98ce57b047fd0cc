"""The daemon as its owner meets it: real processes of the demo workspace."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tio import daemon
from tio.api.errors import Broken, Busy, Misconfigured, NotFound, TioError
from tio.api.market import GetQuotes
from tio.api.system import GetConfig, GetHealth, GetStorage
from tio.api.watchlists import ListWatchlists, SaveWatchlist, Watchlist
from tio.commands.doctoring import examine
from tio.connect import answer_once
from tio.daemon_log import last_lines
from tio.lock import holder
from tio.paths import Paths, WorkspacePaths

PATIENCE = 30.0


@pytest.fixture
def place() -> Iterator[WorkspacePaths]:
    """The demo workspace; a daemon that a test leaves behind is killed."""
    place = Paths.find().workspace("demo")
    yield place
    found = holder(place.lock)
    if found is not None and found.pid not in (0, os.getpid()):
        os.kill(found.pid, signal.SIGKILL)


def until(truth: Callable[[], bool]) -> None:
    """Wait for another process: the one thing here that only real time tells."""
    end = time.monotonic() + PATIENCE
    while not truth():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def begin() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tio.daemon", "demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_start_status_stop(place: WorkspacePaths) -> None:
    assert daemon.status(place) == daemon.DaemonStatus(
        running=False, socket=str(place.socket), workspace="demo"
    )

    started = daemon.start(place)

    found = daemon.status(place)
    assert found.running
    assert found.holder == "daemon"
    assert found.pid == started.pid != os.getpid()
    assert found.version
    assert 0 <= found.uptime < 60
    assert found.clients == 0
    assert daemon.stop(place) == started.pid
    assert not daemon.status(place).running
    assert not place.socket.exists()


def test_a_second_start_is_busy_and_names_the_first(place: WorkspacePaths) -> None:
    first = daemon.start(place)

    with pytest.raises(Busy) as caught:
        daemon.start(place)

    assert str(first.pid) in caught.value.message
    assert caught.value.exit_code == 75
    assert daemon.status(place).pid == first.pid


def test_of_twelve_that_start_at_once_one_wins_and_eleven_exit_75(place: WorkspacePaths) -> None:
    place.make_folders()
    twelve = [begin() for _ in range(12)]
    until(lambda: sum(each.poll() is not None for each in twelve) == 11)
    until(lambda: daemon.status(place).running)

    winner = next(each for each in twelve if each.poll() is None)
    assert daemon.status(place).pid == winner.pid
    losers = [each for each in twelve if each is not winner]
    assert [each.returncode for each in losers] == [75] * 11
    for loser in losers:
        assert str(winner.pid) in loser.communicate()[1] or last_lines(place.log, 20)
    winner.terminate()
    assert winner.wait(PATIENCE) == 0
    winner.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(place: WorkspacePaths, number: signal.Signals) -> None:
    running = begin()
    until(lambda: daemon.status(place).running)

    running.send_signal(number)

    assert running.wait(PATIENCE) == 0
    assert running.communicate()[1] == ""
    assert not place.socket.exists()
    assert holder(place.lock) is None


def test_what_was_acknowledged_before_sigterm_is_kept(place: WorkspacePaths) -> None:
    daemon.start(place)

    def save(number: int) -> str:
        try:
            return answer_once(SaveWatchlist(f"list {number}"), place).name
        except Busy:  # not acknowledged
            return ""

    with ThreadPoolExecutor(4) as pool:
        saved = [pool.submit(save, number) for number in range(8)]
        first = saved[0].result()
        daemon.stop(place)
        kept = {each.result() for each in saved} - {""}

    names = {each.name for each in answer_once(ListWatchlists(), place)}
    assert first in kept
    assert kept <= names


def test_stopping_nothing_says_so(place: WorkspacePaths) -> None:
    with pytest.raises(NotFound, match="no daemon runs"):
        daemon.stop(place)


def test_a_stale_socket_is_no_hindrance(place: WorkspacePaths) -> None:
    first = daemon.start(place)
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: holder(place.lock) is None)
    assert place.socket.exists()

    second = daemon.start(place)

    assert second.pid != first.pid
    daemon.stop(place)


def test_why_it_did_not_start_is_told(place: WorkspacePaths) -> None:
    place.make_folders()
    place.socket.mkdir()

    with pytest.raises(Broken) as caught:
        daemon.start(place)

    assert "is not a socket" in caught.value.message


def test_a_mistake_in_the_config_is_told(place: WorkspacePaths) -> None:
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[demoo]\n")

    with pytest.raises(TioError, match="demoo"):
        daemon.start(place)


def test_a_config_that_breaks_while_it_runs_is_told_and_the_last_good_one_kept(
    place: WorkspacePaths, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[log]\nlevel = "info"\n')
    dated = (file.stat().st_mtime_ns, file.stat().st_mtime_ns)
    pid = daemon.start(place).pid

    def write(text: str) -> None:
        """Unnoticed but for the signal: as long and as old as it was."""
        file.write_text(text)
        os.utime(file, ns=dated)
        os.kill(pid, signal.SIGHUP)

    write('[log]\nlevle = "info"\n')
    until(lambda: answer_once(GetConfig(), place).problem != "")

    assert "did you mean 'level'?" in answer_once(GetConfig(), place).problem
    assert "config.toml is broken" in answer_once(GetHealth(), place).banner
    assert any("config.toml is broken" in line for line in last_lines(place.log, 20))
    assert examine(place.name, json=True) == 1
    found = {each["what"]: each for each in json.loads(capsys.readouterr().out)}
    assert not found["settings in use"]["fine"]
    assert "did you mean 'level'?" in found["settings in use"]["found"]
    assert "did you mean 'level'?" in found["configuration"]["found"]

    write('[log]\nlevel = "warn"\n')
    until(lambda: "warn" in answer_once(GetConfig(), place).problem)
    write('[log]\nlevel = "info"\n')
    until(lambda: answer_once(GetConfig(), place).problem == "")
    assert answer_once(GetHealth(), place).banner == ""
    assert daemon.status(place).pid == pid


def test_a_log_that_keeps_warnings_keeps_nothing_less(place: WorkspacePaths) -> None:
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[log]\nlevel = "warning"\n')
    daemon.start(place)
    daemon.stop(place)
    lines = [json.loads(line) for line in last_lines(place.log, 100)]
    assert [line for line in lines if line["level"] == "info"] == []


def test_a_socket_path_too_long_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIO_HOME", "/" + "d" * 120)

    with pytest.raises(Misconfigured) as caught:
        daemon.status(Paths.find().workspace("demo"))

    assert "bytes long" in caught.value.message
    assert "\n" not in caught.value.message


def test_the_log_is_json_lines_of_what_happened(place: WorkspacePaths) -> None:
    daemon.start(place)
    daemon.stop(place)

    lines = [json.loads(line) for line in last_lines(place.log, 100)]

    assert {"at", "level", "origin", "message"} <= set(lines[0])
    said = " ".join(line["message"] for line in lines)
    assert "serves" in said
    assert "leaves" in said
    assert place.log.stat().st_mode & 0o077 == 0


def killed_during_ingest(place: WorkspacePaths, times: int) -> None:
    """Kill -9 a daemon amid ticks and writes; what it acknowledged must be there again."""
    chance = random.Random(5)
    acknowledged: dict[str, Watchlist] = {}
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[demo]\nsymbols = 50\nrate = 2000.0\n")
    for life in range(times):
        running = daemon.start(place)
        kept = {each.name: each for each in answer_once(ListWatchlists(), place)}
        assert {name: kept.get(name) for name in acknowledged} == acknowledged
        until(lambda: len(answer_once(GetQuotes(), place)) > 0)
        for number in range(chance.randrange(1, 15)):
            wanted = SaveWatchlist(f"{life}-{number}", (f"S{life}", f"T{number}"))
            acknowledged[wanted.name] = answer_once(wanted, place)
        os.kill(running.pid, signal.SIGKILL)
        until(lambda: holder(place.lock) is None)
    daemon.start(place)
    kept = {each.name: each for each in answer_once(ListWatchlists(), place)}
    assert {name: kept.get(name) for name in acknowledged} == acknowledged
    reports = answer_once(GetStorage(check=True), place)
    assert [report.integrity for report in reports] == ["ok"] * len(reports)
    assert answer_once(GetHealth(), place).banner == ""
    daemon.stop(place)


def test_killed_five_times_it_loses_nothing_acknowledged(place: WorkspacePaths) -> None:
    killed_during_ingest(place, 5)


@pytest.mark.slow
def test_killed_twenty_times_it_loses_nothing_acknowledged(place: WorkspacePaths) -> None:
    killed_during_ingest(place, 20)
