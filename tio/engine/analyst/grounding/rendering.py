"""A grounded answer as text: citations numbered, what is unverified struck and said so."""

from collections.abc import Mapping

import msgspec

from tio.api.grounding import Citation, Grounded
from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.grounding.evidence import Evidence


def markdown(grounded: Grounded) -> str:
    """`187.20[1]` for what is verified, `~~231.37~~ *unverified*` for what is not."""
    marks = [(one.end, one.end, f"[{one.number}]") for one in grounded.citations]
    marks += [
        (lost.start, lost.end, f"~~{lost.text}~~ *unverified*") for lost in grounded.unverified
    ]
    return _marked(grounded.text, marks)


def plain(grounded: Grounded) -> str:
    """Without markup: `231.37 (unverified)`, then a line for each source cited."""
    marks = [(one.end, one.end, f" [{one.number}]") for one in grounded.citations]
    marks += [(lost.end, lost.end, " (unverified)") for lost in grounded.unverified]
    lines = [_marked(grounded.text, marks).rstrip()]
    lines += [""] if grounded.citations else []
    lines += [source_line(one) for one in _once(grounded.citations)]
    return "\n".join(lines)


def source_line(one: Citation) -> str:
    """Where a citation comes from, as `[1] [AAPL].last = 187.2 · yahoo · 20 Nov 2026 21:00Z`."""
    parts = [f"{fact.path} = {fact.value}" for fact in one.facts[:2]]
    more = f" and {len(one.facts) - 2} more" if len(one.facts) > 2 else ""
    head = ", ".join(parts) + more
    if one.operation:
        head = f"{one.operation} = {one.exact} ({head})"
    source = one.facts[0].source
    at = one.facts[0].as_of
    tail = [source] if source else []
    tail += [f"{at:%d %b %Y %H:%MZ}"] if at else []
    return " · ".join([f"[{one.number}] {head}", *tail])


def share_line(grounded: Grounded) -> str:
    """How much of an answer is verified, in a sentence."""
    if grounded.share is None:
        return "No figures to verify."
    total = len(grounded.citations) + len(grounded.unverified)
    return f"{len(grounded.citations)} of {total} figures verified ({grounded.share:.0%})."


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


def _marked(text: str, marks: list[tuple[int, int, str]]) -> str:
    for start, end, mark in sorted(marks, reverse=True):
        text = text[:start] + mark + text[end:]
    return text


def _once(citations: tuple[Citation, ...]) -> list[Citation]:
    return list({one.number: one for one in reversed(citations)}.values())[::-1]
