"""The grammar of the command line: `[SYMBOL …] CODE [args]`, a symbol, or a question."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A code with the symbols before it and the words after it; without a code, a symbol alone."""

    symbols: tuple[str, ...] = ()
    code: str = ""
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of the analyst."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that are no command; `nearest` is the code they may have meant, or empty."""

    text: str
    nearest: str = ""

    @property
    def sentence(self) -> str:
        if self.nearest:
            return f"There is no code {self.text}. Did you mean {self.nearest}?"
        return f"There is no code {self.text}. ? lists those there are."


def parse(text: str, codes: Iterable[str]) -> Command | Question | Unknown:
    """What a line means; a code beats a ticker of the same letters, `$W` is always the symbol."""
    known = frozenset(codes)
    line = text.strip()
    if line.endswith("?"):
        return Question(line)
    words = line.removeprefix(":").split()
    at = next((i for i, word in enumerate(words) if word.upper() in known), None)
    if at is not None:
        return Command(
            tuple(symbol(word) for word in words[:at]), words[at].upper(), tuple(words[at + 1 :])
        )
    if len(words) <= 1:
        return Command(tuple(symbol(word) for word in words))
    return Unknown(words[-1].upper(), nearest(words[-1], known) or nearest(words[0], known))


def symbol(word: str) -> str:
    """A symbol as typed: capitals, `$` taken off."""
    return word.removeprefix("$").upper()


def nearest(word: str, codes: Iterable[str]) -> str:
    """The code most like a word, or empty."""
    near = difflib.get_close_matches(word.upper(), sorted(codes), n=1, cutoff=0.5)
    return near[0] if near else ""


def completions(text: str, codes: Iterable[str]) -> list[str]:
    """The codes the last word of a line may become; none where a code stands before it."""
    words = text.removeprefix(":").split(" ")
    known = sorted(codes)
    if any(word.upper() in known for word in words[:-1]) or words[-1].startswith("$"):
        return []
    return [code for code in known if code.startswith(words[-1].upper())]
