"""A large campaign to measure on: believable in size and shape, made from a seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ideabox.ideas.importing.records import CampaignIn, CommentIn, IdeaIn, PersonIn, VoteIn

WORDS = (
    "air valve heat night shift pump label shelf cold room box line belt lamp meter oven rota door dock pallet crate "
    "lorry sample test bench order form mail call visit part screw motor filter water steam paper screen desk chair "
    "floor wall "
    "roof gate badge key route stop speed queue stock week month team site hall unit cost time waste power noise dust"
).split()
SYLLABLES = "ba co di fu ga he ji ka lo mi no pa ru se ti vo xa ze bri cla dre flo gri plu sta tra".split()
#: How many words people have, and how unevenly they use them: the n-th is used in proportion to 1 / (n + 10).
VOCABULARY = 6000
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
COMMENTS = 50


@lru_cache(maxsize=1)
def _words() -> tuple[list[str], list[float]]:
    """The words and how often each is used; few are common, most are rare, as in what people write."""
    chance = random.Random(7)  # noqa: S311 - figures to measure on, no secret
    made = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(VOCABULARY - len(WORDS))]
    mixed = list(WORDS) + made
    chance.shuffle(mixed)
    return mixed, [1 / (rank + 10) for rank in range(len(mixed))]


def campaign(ideas: int, votes: int, voters: int, seed: int = 1) -> CampaignIn:
    """`ideas` ideas, `votes` votes by `voters` people of different mildness; one idea with 50 comments."""
    chance = random.Random(seed)  # noqa: S311 - figures to measure on, no secret
    data = CampaignIn(
        source=f"bench:{ideas}:{votes}:{seed}",
        question="How might we halve what the night shift burns?",
        problem=_sentence(chance, 40),
        people_source="bench",
        started=START,
        ended=START + timedelta(days=30),
    )
    data.people = {str(n): PersonIn(str(n), f"Voter {n}", f"voter{n}@bench.example") for n in range(voters)}
    data.ideas = [_idea(chance, n, voters) for n in range(ideas)]
    data.votes = _votes(chance, ideas, votes, voters)
    data.votes_read = len(data.votes)
    data.comments = [
        CommentIn(str(n), "0", str(n % voters), _sentence(chance, 25), START + timedelta(hours=n))
        for n in range(COMMENTS)
    ]
    return data


def _idea(chance: random.Random, number: int, voters: int) -> IdeaIn:
    title = _sentence(chance, 5).capitalize()
    body = "\n\n".join(_sentence(chance, 35).capitalize() + "." for _ in range(3))
    sent = START + timedelta(minutes=number)
    return IdeaIn(str(number), str(number % voters), f"{title} {number}", body, sent, "energy, night", 1000, 3000)


def _sentence(chance: random.Random, words: int) -> str:
    known, weights = _words()
    return " ".join(chance.choices(known, weights, k=words))


def _votes(chance: random.Random, ideas: int, votes: int, voters: int) -> list[VoteIn]:
    """Distinct pairs; what an idea is worth and how mild a voter is both show in the answer."""
    worth = [chance.gauss(0, 1) for _ in range(ideas)]
    mild = [chance.gauss(0, 0.7) for _ in range(voters)]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < votes:
        pairs.add((chance.randrange(ideas), chance.randrange(voters)))
    return [_vote(chance, pair, worth, mild) for pair in sorted(pairs)]


def _vote(chance: random.Random, pair: tuple[int, int], worth: list[float], mild: list[float]) -> VoteIn:
    idea, voter = pair
    felt = worth[idea] + mild[voter] + chance.gauss(0, 1)
    value = 1 if felt > 0.2 else (-1 if felt < -0.4 else 0)
    return VoteIn(str(idea), str(voter), value, START + timedelta(days=20, seconds=chance.randrange(800_000)))
