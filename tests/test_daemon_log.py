"""The log a daemon keeps, read by those who follow it."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tio.config import Log
from tio.daemon_log import JsonLine, follow, keep_log, last_lines


class Ended(Exception):
    """Whoever follows stops."""


class Writing:
    """Stands for the pauses of a follower: at each, the next thing happens to the log."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = iter(steps)

    def __call__(self) -> None:
        try:
            step = next(self._steps)
        except StopIteration:
            raise Ended from None
        step()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "main.log"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, without what the test adds to it."""
    logger = logging.getLogger()
    level, handlers = logger.level, list(logger.handlers)
    yield logger
    logger.setLevel(level)
    for handler in [each for each in logger.handlers if each not in handlers]:
        logger.removeHandler(handler)
        handler.close()


def add(path: Path, text: str) -> Callable[[], object]:
    def write() -> None:
        with path.open("a") as file:
            file.write(text)

    return write


def rotate(path: Path, first: str) -> Callable[[], object]:
    def turn() -> None:
        path.rename(path.with_name(f"{path.name}.1"))
        path.write_text(first)

    return turn


def followed(path: Path, count: int, *steps: Callable[[], object]) -> list[str]:
    return list(until_ended(follow(path, count, Writing(*steps))))


def until_ended(lines: Iterator[str]) -> Iterator[str]:
    try:
        yield from lines
    except Ended:
        return


def test_the_last_lines_come_first_then_the_new_ones(log: Path) -> None:
    log.write_text("one\ntwo\nthree\n")
    assert followed(log, 2, add(log, "four\n"), add(log, "five\nsix\n")) == [
        "two", "three", "four", "five", "six",
    ]  # fmt: skip


def test_none_of_the_past_is_told_when_none_is_asked_for(log: Path) -> None:
    log.write_text("one\n")
    assert followed(log, 0, add(log, "two\n")) == ["two"]


def test_half_a_line_is_told_once_it_is_whole(log: Path) -> None:
    log.write_text("one\ntw")
    assert followed(log, 5, add(log, "o\nthr"), add(log, "ee\n")) == ["one", "two", "three"]


def test_what_was_written_just_before_a_rotation_is_not_lost(log: Path) -> None:
    log.write_text("one\n")

    def write_and_rotate() -> None:
        add(log, "two\n")()
        rotate(log, "three\n")()

    assert followed(log, 5, write_and_rotate, add(log, "four\n")) == [
        "one", "two", "three", "four",
    ]  # fmt: skip


def test_between_rename_and_new_file_nothing_is_told_twice(log: Path) -> None:
    log.write_text("one\n")
    gone = log.with_name("main.log.1")
    steps = (lambda: log.rename(gone), lambda: log.write_text("two\n"), add(log, "three\n"))
    assert followed(log, 5, *steps) == ["one", "two", "three"]


def test_an_emptied_log_begins_again(log: Path) -> None:
    log.write_text("one\ntwo\n")
    assert followed(log, 5, lambda: log.write_text("new\n")) == ["one", "two", "new"]


def test_a_log_that_is_not_there_yet_is_waited_for(log: Path) -> None:
    assert followed(log, 5, lambda: None, add(log, "one\n")) == ["one"]


def test_last_lines_of_no_log_are_none(log: Path) -> None:
    assert last_lines(log, 5) == []
    log.write_text("one\ntwo")
    assert last_lines(log, 5) == ["one", "two"]
    assert last_lines(log, 0) == []


def test_a_kept_line_is_json_with_its_level_and_traceback(log: Path, root: logging.Logger) -> None:
    keep_log(log, Log(level="info"))
    try:
        raise ValueError("no such price")
    except ValueError:
        logging.getLogger("tio.test").exception("it %s", "failed")
    logging.getLogger("tio.test").debug("unheard")
    (line,) = last_lines(log, 5)
    told = json.loads(line)
    assert (told["level"], told["origin"], told["message"]) == ("error", "tio.test", "it failed")
    assert told["traceback"].endswith("ValueError: no such price")


def test_a_line_break_in_a_message_stays_in_its_line() -> None:
    record = logging.LogRecord("tio", logging.INFO, "", 1, "one\ntwo", None, None)
    assert JsonLine().format(record).count("\n") == 0
