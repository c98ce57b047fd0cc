"""Tokens and money that language models took, by day, model and currency."""

import sqlite3
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens read and written, and their cost."""

    read: int = 0
    written: int = 0
    cost: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        return self.read + self.written

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.read + other.read, self.written + other.written, self.cost + other.cost)


class ModelSpendingTable:
    """What was spent, in tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def of_day(
        connection: sqlite3.Connection, owner: str, day: str
    ) -> dict[tuple[str, str], Spent]:
        """What each model came to on a UTC day, by model and currency."""
        rows = connection.execute(
            "SELECT model, currency, read, written, cost FROM model_spending "
            "WHERE owner = ? AND day = ?",
            (owner, day),
        )
        return {
            (model, currency): Spent(read, written, Decimal(cost))
            for model, currency, read, written, cost in rows
        }

    @staticmethod
    def save(
        connection: sqlite3.Connection,
        owner: str,
        day: str,
        model: str,
        currency: str,
        spent: Spent,
    ) -> None:
        """What a model came to on a day, in place of what it had come to before."""
        connection.execute(
            "INSERT INTO model_spending (owner, day, model, currency, read, written, cost) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, day, model, currency) DO UPDATE SET "
            "read = excluded.read, written = excluded.written, cost = excluded.cost",
            (owner, day, model, currency, spent.read, spent.written, str(spent.cost)),
        )
