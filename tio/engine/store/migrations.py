"""Schemas grow by numbered steps, each in a transaction of its own."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """From schema `number - 1` to `number`: statements, or a function of the connection."""

    number: int
    title: str
    change: str | Callable[[sqlite3.Connection], None]


def schema_of(connection: sqlite3.Connection) -> int:
    """The schema number of a file; 0 before the first step."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def newest(steps: Sequence[Step]) -> int:
    """The schema number after all steps; they must count up from 1 without gaps."""
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"steps must be numbered 1, 2, …, were {[s.number for s in steps]}")
    return len(steps)


def migrate(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """Take every step that is still to come; the schema number afterwards."""
    for step in steps[schema_of(connection) :]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            _take(connection, step)
            connection.execute(f"PRAGMA user_version = {step.number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return schema_of(connection)


def _take(connection: sqlite3.Connection, step: Step) -> None:
    if isinstance(step.change, str):
        for statement in _statements(step.change):
            connection.execute(statement)
    else:
        step.change(connection)


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the transaction it runs in.
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
