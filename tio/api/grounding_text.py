"""A grounded answer as text: citations numbered, what is unverified struck and said so."""

from collections.abc import Sequence

from tio.api.grounding import Citation, Grounded


def markdown(grounded: Grounded) -> str:
    """`187.20[1]` for what is verified, `~~231.37~~ *unverified*` for what is not."""
    marks = [(one.end, one.end, f"[{one.number}]") for one in grounded.citations]
    marks += [
        (lost.start, lost.end, f"~~{lost.text}~~ *unverified*") for lost in grounded.unverified
    ]
    return _marked(grounded.text, marks)


def plain(grounded: Grounded) -> str:
    """Without markup: `231.37 (unverified)`, then a line for each source cited."""
    lines = [with_marks(grounded).rstrip()]
    lines += [""] if grounded.citations else []
    lines += [source_line(one) for one in numbered(grounded.citations)]
    return "\n".join(lines)


def with_marks(grounded: Grounded) -> str:
    """The text alone: `187.20 [1]` for what is verified, `231.37 (unverified)` for what is not."""
    marks = [(one.end, one.end, f" [{one.number}]") for one in grounded.citations]
    marks += [(lost.end, lost.end, " (unverified)") for lost in grounded.unverified]
    return _marked(grounded.text, marks)


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


def numbered(citations: Sequence[Citation]) -> list[Citation]:
    """The first citation of each number, in the order of the numbers."""
    once = {one.number: one for one in reversed(citations)}
    return [once[number] for number in sorted(once)]


def _marked(text: str, marks: list[tuple[int, int, str]]) -> str:
    for start, end, mark in sorted(marks, reverse=True):
        text = text[:start] + mark + text[end:]
    return text
