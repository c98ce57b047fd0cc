"""What is done with what is proposed: booked after asking, or dismissed, and taken back."""

from tio.api.proposals import ConfirmProposals, DismissProposals, Proposal
from tio.screens.bookkeeping import Bookkeeping
from tio.screens.shown_portfolio import ShownPortfolio


class Proposing:
    """Has the engine book or dismiss what is proposed."""

    def __init__(self, books: Bookkeeping) -> None:
        self._books = books

    def confirm(self, shown: ShownPortfolio, each: Proposal) -> None:
        if each.refusal:
            shown.stage.say(f"It cannot be booked: {each.refusal}", "fall")
            return
        what = "•••" if shown.hidden else each.what
        self._books.confirm(
            f"Book? y or n · {each.symbol} {what}",
            ConfirmProposals(shown.name, (each.id,)),
            f"{each.symbol} of {each.ex_date} is booked; u takes it back",
        )

    def dismiss(self, shown: ShownPortfolio, each: Proposal, *, restore: bool) -> None:
        words = "Propose it again" if restore else "Dismiss it"
        said = "is proposed again" if restore else "is dismissed; delete on it takes that back"
        self._books.confirm(
            f"{words}? y or n · {each.symbol} of {each.ex_date}",
            DismissProposals(shown.name, (each.id,), restore),
            f"{each.symbol} of {each.ex_date} {said}",
        )
