"""The time zone figures are shown in, and times are told in."""

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo


def zone_of(name: str) -> tzinfo:
    """The zone of a setting: "local", "UTC" or an IANA name."""
    if name == "UTC":
        return UTC
    return _local() if name == "local" else ZoneInfo(name)


def _local() -> tzinfo:
    """This machine's zone by name, so summer differs from winter; else today's offset."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        _, _, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    try:
        return ZoneInfo(name) if name and name not in ("UTC", "Etc/UTC") else _offset()
    except (KeyError, ValueError, OSError):
        return _offset()


def _offset() -> tzinfo:
    zone = datetime.now(UTC).astimezone().tzinfo
    return UTC if zone is None or not zone.utcoffset(None) else zone
