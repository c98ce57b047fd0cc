"""What an answer's figures stand on, as text."""

from tio.api.grounding import Citation, CitedFact, Grounded, Unverified
from tio.api.grounding_text import numbered, plain, with_marks

FACT = CitedFact(call="r1", path="[AAPL].last", value="187.2", source="yahoo")
OTHER = CitedFact(call="r2", path="[MSFT].last", value="402.1")


def citation(text: str, inside: str, number: int, fact: CitedFact = FACT) -> Citation:
    at = inside.index(text)
    return Citation(number=number, start=at, end=at + len(text), text=text, facts=(fact,))


def test_a_source_cited_twice_is_listed_once_and_sources_stand_in_their_order() -> None:
    told = "187.20, then 402.10, so 187.2 it is."
    first = citation("187.20", told, 1)
    second = citation("402.10", told, 2, OTHER)
    again = citation("187.2 ", told, 1)
    assert numbered((first, second, again)) == [first, second]
    grounded = Grounded(text=told, judged=len(told), citations=(first, second, again))
    assert plain(grounded).splitlines()[2:] == [
        "[1] [AAPL].last = 187.2 · yahoo",
        "[2] [MSFT].last = 402.1",
    ]


def test_what_nothing_stands_behind_says_so_where_it_stands() -> None:
    told = "187.20 today, 231.37 tomorrow."
    at = told.index("231.37")
    lost = Unverified(start=at, end=at + 6, text="231.37", why="nothing told it")
    grounded = Grounded(
        text=told, judged=30, citations=(citation("187.20", told, 1),), unverified=(lost,)
    )
    assert with_marks(grounded) == "187.20 [1] today, 231.37 (unverified) tomorrow."
