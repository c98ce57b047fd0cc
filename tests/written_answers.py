"""Answers written from templates over a scene, each figure labelled: right, or wrong and how."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from answer_values import Slot, render
from spoiled_figures import spoiled


@dataclass(frozen=True)
class Label:
    """One figure of an answer: where it stands, its class, whether it is wrong.

    `beside`: right of itself, but said of a wrong day, or of a day whose value is wrong.
    """

    start: int
    end: int
    text: str
    name: str
    wrong: bool = False
    beside: bool = False


@dataclass
class Written:
    """An answer and its labels."""

    text: str
    labels: list[Label] = field(default_factory=list)
    mutation: str = "right"


_TOKEN = re.compile(r"\{(\w+)(?::(\w+))?\}")
_LITERAL = re.compile(r"\[\[(?P<alone>[^\]]+)\]\]|\[!(?P<invented>.+?)!\]")


def written(
    template: str, slots: Mapping[str, Slot], draw: random.Random, mutation: str = "", pick: int = 0
) -> Written | None:
    """As `write`, with numbers that claim nothing and invented ones labelled too."""
    plain = write(template, slots, draw, mutation, pick) if "{" in template else Written(template)
    if plain is None or (mutation and "{" not in template):
        return None
    text, labels, at = "", list[Label](), 0
    moved = list(plain.labels)
    for found in _LITERAL.finditer(plain.text):
        text += plain.text[at : found.start()]
        at = found.end()
        said = found["alone"] or found["invented"]
        lost = found.end() - found.start() - len(said)
        moved = [
            replace(one, start=one.start - lost, end=one.end - lost)
            if one.start >= len(text) + len(said)
            else one
            for one in moved
        ]
        name = "alone" if found["alone"] else "made up"
        labels.append(Label(len(text), len(text) + len(said), said, name, bool(found["invented"])))
        text += said
    return Written(
        text + plain.text[at:], sorted(moved + labels, key=lambda one: one.start), mutation
    )


def write(
    template: str, slots: Mapping[str, Slot], draw: random.Random, mutation: str = "", pick: int = 0
) -> Written | None:
    """The template filled in; its `pick`-th figure that can be is made wrong by `mutation`.

    None when no figure can be made wrong that way.
    """
    parts: list[str] = []
    labels: list[Label] = []
    at = last = count = 0
    done = not mutation
    used = {token[1]: slots[token[1]] for token in _TOKEN.finditer(template)}
    spare = {name: slot for name, slot in slots.items() if slot.of == "other"}
    swapped = _swap({**spare, **used}, draw) if mutation == "ticker" else {}
    wrong_pair = flipped = ""
    for token in _TOKEN.finditer(template):
        parts.append(template[last : token.start()])
        at += len(parts[-1])
        last = token.end()
        slot, style = slots[token[1]], token[2] or ""
        text, name = render(slot, style, draw)
        wrong = False
        if slot.kind == "symbol" and (slot.pair or slot.text) in swapped:
            text, done = swapped[slot.pair or slot.text], True
        elif slot.kind == "word" and mutation == "direction" and flipped in ("", slot.of):
            text, done, flipped = slot.pair, True, slot.of
        elif slot.signed and flipped and slot.of == flipped and style != "s":
            wrong, name = True, "direction"
        elif slot.kind in ("symbol", "word"):
            pass
        elif slot.of and slot.of in swapped:
            wrong, name = True, "ticker"
        elif not done and (other := spoiled(slot, style, text, draw, mutation)) is not None:
            if count == pick:
                text, wrong, done, name = other, True, True, mutation
                wrong_pair = slot.pair
            count += 1
        if slot.kind not in ("symbol", "word"):
            labels.append(Label(at, at + len(text), text, name, wrong))
        elif slot.kind == "symbol" and mutation == "ticker":
            pass
        parts.append(text)
        at += len(text)
    parts.append(template[last:])
    if not done or (mutation and not any(label.wrong for label in labels)):
        return None
    if wrong_pair:
        names = [token[1] for token in _TOKEN.finditer(template)
                 if slots[token[1]].kind not in ("symbol", "word")]  # fmt: skip
        labels = [
            replace(label, beside=not label.wrong and wrong_pair in slots[name].pair)
            for label, name in zip(labels, names, strict=True)
        ]
    if swapped:
        labels = [label if label.wrong else replace(label, beside=True) for label in labels]
    return Written("".join(parts), labels, mutation or "right")


def _swap(slots: Mapping[str, Slot], draw: random.Random) -> dict[str, str]:
    """One symbol of the answer → the ticker put in its place."""
    here = {
        slot.pair or slot.text
        for slot in slots.values()
        if slot.kind == "symbol" and slot.of != "other"
    }
    others = [slot.text for slot in slots.values() if slot.of == "other"]
    if not here or not others:
        return {}
    return {draw.choice(sorted(here)): draw.choice(others)}
