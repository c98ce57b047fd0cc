"""Whether the words about a figure go up or down."""

import re

from tio.engine.analyst.grounding.figures import Figure
from tio.engine.analyst.grounding.subjects import Sentence

MOVING = re.compile(
    r"\b(?:rose|fell|gained|lost|up|down|climbed|dropped|slid|slipped|advanced|declined|added|shed"
    r"|jumped|surged|rallied|retreated|moved|changed)\s(?:by\s)?(?:about\s|around\s)?[+-]?$",
    re.IGNORECASE,
)
DISTANT = re.compile(
    r"\s?(?:above|below|higher|lower|off|under|over|away|from|apart|shy|short|upside|downside|gain|loss)\b",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(r"\s?(?:away|apart|from|short of|shy|wide|swing|move)\b", re.IGNORECASE)
_UP = (
    r"up|rose|risen|rises|rising|rise|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|advanc(?:e|es|ed|ing)"
    r"|higher|increas(?:e|es|ed|ing)|add(?:s|ed|ing)?|rall(?:y|ied|ies)|jump(?:s|ed)?|surg(?:e|ed)"
    r"|grew|growth|grown|profit|upside|stronger|plus|premium|above|ahead|outperform\w*|made|improv\w+"
)
_DOWN = (
    r"down|fell|fallen|falls|falling|fall|los(?:t|s|es|ses|ing|e)|declin(?:e|es|ed|ing)|lower"
    r"|drop(?:s|ped|ping)?|decreas(?:e|es|ed|ing)|shed(?:s|ding)?|slid(?:es?)?|slipp(?:ed|ing)"
    r"|downside|weaker|minus|below|under|retreat(?:s|ed)?|negative|off|discount|drawdown|shrank"
    r"|shr[iu]nk|behind|underperform\w*|lag(?:s|ged|ging)?|short of|sank|tumbl\w+|plung\w+|eased"
    r"|gave up|beneath|slump\w*"
)
_DIRECTION = re.compile(rf"(?<![\w-])(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?![\w])", re.IGNORECASE)


def direction(sentence: Sentence, figure: Figure) -> int:
    """1 where the words about a figure go up, −1 where they go down, 0 where neither."""
    text = sentence.text
    moving = MOVING.search(text[: figure.start])
    if not moving and _NEUTRAL.match(text[figure.end :]):
        return 0
    clear = min(
        (one.start for one in sentence.figures if one.start > figure.start), default=len(text)
    )
    tail = re.split(r"[,;.]\s|\s(?:and|while|but)\s", text[figure.end : clear])[0]
    close = _DIRECTION.match(" ".join(tail.split()[:1])) or _DIRECTION.match(
        " ".join(tail.split()[1:2]) if len(tail.split()) > 1 else ""
    )
    if close:
        return 1 if close["up"] else -1
    last = max((one.end for one in sentence.figures if one.end <= figure.start), default=0)
    # In a list of values what came before the last comma is said of another.
    begin = last if last and text[last : last + 2] == ", " else 0
    earlier = list(_DIRECTION.finditer(text, begin, figure.start))
    if len(earlier) > 1 and text[earlier[-2].end() : earlier[-1].start()] in (" or ", "/"):
        return 0
    if earlier:
        return 1 if earlier[-1]["up"] else -1
    later = _DIRECTION.search(tail)
    return 0 if not later else (1 if later["up"] else -1)
