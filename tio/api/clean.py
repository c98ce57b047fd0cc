"""The one cleaner of untrusted text: feeds, symbols, providers, models, imports go through it."""

import re

# C0, DEL, C1, bidi marks and isolates, zero-width characters, line and paragraph separators,
# the byte-order mark, interlinear annotations, tag characters and lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_UNSAFE_IN_PROSE = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def clean(text: str, *, prose: bool = False, limit: int = 100_000) -> str:
    """Text that cannot steer a terminal: at most `limit` characters, controls dropped.

    Newlines and tabs become spaces; with `prose` newlines stay.
    """
    text = _BREAKS.sub("\n" if prose else " ", text[:limit]).replace("\t", " ")
    return (_UNSAFE_IN_PROSE if prose else _UNSAFE).sub("", text)
