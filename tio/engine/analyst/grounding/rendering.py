"""A model's structured report, without what nothing stands behind."""

from collections.abc import Mapping

import msgspec

from tio.api.grounding_text import markdown
from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.grounding.evidence import Evidence


def kept(
    report: Mapping[str, object], evidence: Evidence, symbol: str = ""
) -> tuple[dict[str, object], tuple[str, ...]]:
    """A model's structured report without the fields nothing stands behind, and their paths.

    Texts lose the sentences with unverified figures marked; numbers are read under their own name.
    """
    dropped: list[str] = []
    plain_report = msgspec.to_builtins(report)
    found = _kept(plain_report, evidence, "", str(plain_report.get("symbol") or symbol), dropped)
    assert isinstance(found, dict)
    return found, tuple(dropped)


def _kept(value: object, evidence: Evidence, path: str, symbol: str, dropped: list[str]) -> object:
    if isinstance(value, dict):
        symbol = str(value.get("symbol") or symbol)
        rows = {}
        for key, inner in value.items():
            here = f"{path}.{key}" if path else str(key)
            result = _kept(inner, evidence, here, symbol, dropped)
            if result is not None or inner is None:
                rows[key] = result
        return rows
    if isinstance(value, list):
        results = [
            _kept(inner, evidence, f"{path}[{number}]", symbol, dropped)
            for number, inner in enumerate(value)
        ]
        return [result for result in results if result is not None]
    if isinstance(value, bool) or value is None:
        return value
    name = path.rpartition(".")[2].split("[")[0].replace("_", " ")
    if isinstance(value, int | float):
        unit = " %" if name.endswith("percent") else ""
        found = ground(f"{symbol} {name} {value!r}{unit}", evidence)
        if found.unverified or not found.citations:
            dropped.append(path)
            return None
        return value
    found = ground(str(value), evidence)
    if found.unverified:
        dropped.append(path)
        return markdown(found) if len(str(value)) > 40 else None
    return value
