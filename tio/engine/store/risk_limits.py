"""Limits of risk, each owner's apart."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from tio.api.limits import RiskLimits
from tio.api.series import instant


class RiskLimitTable:
    """The limits of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def limits(connection: sqlite3.Connection, owner: str) -> RiskLimits:
        """An owner's limits; a kind of another version is left out."""
        rows = connection.execute("SELECT kind, percent FROM risk_limits WHERE owner = ?", (owner,))
        known = RiskLimits.__struct_fields__
        return RiskLimits(**{kind: Decimal(text) for kind, text in rows if kind in known})

    @staticmethod
    def save(
        connection: sqlite3.Connection,
        owner: str,
        changes: Mapping[str, Decimal | None],
        now: datetime,
    ) -> RiskLimits:
        """Set or, with None, take away limits by their kind; all that are there then."""
        for kind, percent in changes.items():
            if percent is None:
                connection.execute(
                    "DELETE FROM risk_limits WHERE owner = ? AND kind = ?", (owner, kind)
                )
            else:
                connection.execute(
                    "INSERT INTO risk_limits (owner, kind, percent, at) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (owner, kind) DO UPDATE SET percent = excluded.percent, "
                    "at = excluded.at",
                    (owner, kind, str(percent), instant(now)),
                )
        return RiskLimitTable.limits(connection, owner)
