"""Twenty questions of a trader by rules, in the demo: each is answered, each figure opens."""

from benchmarks.questions import CHATS, QUESTIONS, asked, desk
from tio.api.chats import StartChat

WORDS = {
    "What is ACME trading at?": "SIM:ACME is at",
    "And how much has it moved this week?": "SIM:ACME",
    "And on the hourly chart?": "SIM:TECH 1h:",
    "Which has done better this year, OIL or GOLD?": "did better.",
    "Is there any news on it?": "No source of news is connected",
    "Where is my stop?": "SIM:ACME",
    "Am I making money with my trades?": "realised",
    "Does my idea in ACME still hold?": "i1, buy SIM:ACME: the evidence is",
    "What is my portfolio worth in euros?": "SIM:EURUSD",
    "What do you make of ZZTOP?": "No source here knows ZZTOP",
}


async def test_twenty_questions_are_answered_and_every_figure_opens_its_source() -> None:
    assert len(QUESTIONS) == 20
    async with desk() as engine:
        for questions in CHATS:
            chat = (await engine.ask(StartChat())).id
            for question in questions:
                told = await asked(engine, question, chat)
                assert told.wrong == (), question
                assert told.message.made_by == "rules"
                words = (WORDS[question],) if question in WORDS else ("SIM:", "sample")
                assert any(each in told.message.text for each in words), question
                marked = told.message.grounded.unverified if told.message.grounded else ()
                assert [each.text for each in marked] == [], question
