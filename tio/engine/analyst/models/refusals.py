"""What a model's server refused, and what that means for the next step."""

import json
import re

from tio.api.clean import clean
from tio.engine.analyst.models.speech import Failed, Fault

_OVERFLOW = re.compile(
    r"exceed_context_size|context_length_exceeded|context length|context size|context window"
    r"|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_UNABLE = re.compile(
    r"does not support (tools|thinking|structured)|tools? (is|are) not supported"
    r"|response_format|json_schema|tool_choice|requires --jinja",
    re.IGNORECASE,
)
_BY_STATUS = {
    401: Fault.refused,
    403: Fault.refused,
    404: Fault.unknown_model,
    408: Fault.silent,
    413: Fault.overflow,
    429: Fault.busy,
    502: Fault.unreachable,
    503: Fault.busy,
    504: Fault.silent,
}
_SENTENCES = {
    Fault.refused: "refused the key",
    Fault.unknown_model: "does not know the model",
    Fault.overflow: "has too small a window for what was said",
    Fault.busy: "is busy",
    Fault.unable: "cannot do what was asked",
}


def refusal(name: str, status: int, body: str) -> Failed:
    """A refusal by its status and its words; status 0 where it came in the middle of a stream."""
    said = _words(body)
    fault = _BY_STATUS.get(status, Fault.broken)
    if fault in (Fault.broken, Fault.busy) and _OVERFLOW.search(body):
        fault = Fault.overflow
    elif fault is Fault.broken and _UNABLE.search(body):
        fault = Fault.unable
    meaning = _SENTENCES.get(fault, "failed")
    where = f" ({status})" if status else ""
    return Failed(fault, f"{name} {meaning}{where}: {said}" if said else f"{name} {meaning}{where}")


def _words(body: str) -> str:
    """The message in a refusal, however a server wraps it; at most 300 characters, cleaned."""
    try:
        told = json.loads(body)
    except ValueError:
        told = body
    for _ in range(3):
        if isinstance(told, dict):
            told = told.get("error") or told.get("message") or told.get("detail") or ""
    text = told if isinstance(told, str) else json.dumps(told)
    # A page of HTML is no sentence.
    return "" if text.lstrip().startswith("<") else clean(" ".join(text.split()), limit=300)
