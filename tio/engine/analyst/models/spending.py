"""What models take of a day's tokens and money, and what is left of it."""

from datetime import UTC
from decimal import Decimal

from tio.api.access import OWNER
from tio.config import Analyst
from tio.engine.store.database import Database
from tio.engine.store.model_spending import ModelSpendingTable, Spent
from tio.plugin import Clock

MILLION = Decimal(1_000_000)


class Spending:
    """The present UTC day's, kept in tio.db; days begin with nothing."""

    def __init__(self, config: Analyst, wall: Clock, database: Database) -> None:
        self._config = config
        self._wall = wall
        self._database = database
        self._day = ""
        self._spent: dict[tuple[str, str], Spent] = {}
        """By model and currency."""

    async def start(self) -> None:
        """Read what the day has taken so far."""
        day = self._today()
        read = await self._database.read(lambda c: ModelSpendingTable.of_day(c, OWNER.name, day))
        self._day, self._spent = day, read

    def configure(self, config: Analyst) -> None:
        """Other prices and limits; in another currency the day's cost begins with nothing."""
        self._config = config

    def add(self, model: str, read: int, written: int) -> None:
        """Tokens a model's server counted for a round."""
        if not (read or written):
            return
        self._turn()
        terms = self._config.terms(model)
        cost = (
            Decimal(str(terms.price_read)) * read + Decimal(str(terms.price_written)) * written
        ) / MILLION
        day, currency = self._day, self._config.currency
        spent = self._spent.get((model, currency), Spent()) + Spent(read, written, cost)
        self._spent[model, currency] = spent
        self._database.post(
            lambda c: ModelSpendingTable.save(c, OWNER.name, day, model, currency, spent)
        )

    def of(self, model: str) -> Spent:
        """What a model took of the day: all its tokens, and its cost in the present currency."""
        return self._taken(model)

    def over(self, model: str) -> str:
        """Why a model may take no more today; "" while it may."""
        config = self._config
        if not (config.tokens_a_day or config.cost_a_day):
            return ""
        all_of_it = self._taken()
        if config.tokens_a_day and all_of_it.tokens >= config.tokens_a_day:
            return (
                f"{all_of_it.tokens:,} tokens were taken today, [analyst] tokens_a_day allows "
                f"{config.tokens_a_day:,}; more from midnight UTC"
            )
        terms, most = config.terms(model), Decimal(str(config.cost_a_day))
        if most and (terms.price_read or terms.price_written) and all_of_it.cost >= most:
            return (
                f"{all_of_it.cost:.2f} {config.currency} were spent today, [analyst] cost_a_day "
                f"allows {most:.2f}; more from midnight UTC"
            )
        return ""

    def _taken(self, model: str = "") -> Spent:
        self._turn()
        taken = Spent()
        for (name, currency), each in self._spent.items():
            if name == model or not model:
                counts = currency == self._config.currency
                taken += each if counts else Spent(each.read, each.written)
        return taken

    def _turn(self) -> None:
        if (day := self._today()) != self._day:
            self._day, self._spent = day, {}

    def _today(self) -> str:
        return self._wall.now().astimezone(UTC).date().isoformat()
