"""A campaign after its vote, for tests of ranking and letters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.actions.standing import freeze
from ideabox.ideas.models.campaign import Campaign, Criterion, PhaseChange
from ideabox.ideas.models.idea import Idea
from tests.factories import make_campaign, make_idea, make_person, make_seat, make_unit, make_vote
from tests.services.forms import submit

REASON = "The compressor of hall two cannot be stopped at lunch: the dryer loses its dew point within ten minutes."


def voted_campaign(ideas: int = 6, voters: int = 12, places: int = 2, phase: str = "vote", **facts: Any) -> Campaign:
    """A campaign whose first ideas are liked most, voted on by people of two units."""
    units = [make_unit("Dyeing"), make_unit("Finishing")]
    people = [make_person(unit=units[number % 2]) for number in range(voters)]
    campaign = make_campaign(phase=phase, places=places, seed=41, **facts)
    dice = random.Random(5)
    for place in range(ideas):
        idea = make_idea(campaign, title=f"Stop the compressor, way {place}", body="At lunch nobody needs the air.")
        for person in people:
            value = dice.choice((1, 2)) if dice.random() < 0.9 - 0.15 * place else dice.choice((-1, 0))
            make_vote(idea, person, value)
    return campaign


def close_votes(campaign: Campaign) -> None:
    """End the vote as the phase's own action does."""
    campaign.phase = "decide"
    db.session.add(PhaseChange(campaign_id=campaign.id, before="vote", after="decide"))
    db.session.commit()


@dataclass
class Decided:
    """A campaign in its decide phase, its people, its ideas in the order they were made."""

    campaign: Campaign
    sponsor: Person
    manager: Person
    leader: Person
    ideas: list[Idea]

    @property
    def address(self) -> str:
        return f"/decide/{self.campaign.uid}"

    def letter(self, number: int = 0) -> str:
        return f"{self.address}/letters/{self.ideas[number].uid}"


def decided_campaign(**facts: Any) -> Decided:
    """Votes are in and the standing is frozen; two criteria."""
    sponsor, manager = make_person("Remi Okoye"), make_person("Mia Lund")
    leader = make_person("Claire Renard", roles=["leadership"])
    campaign = voted_campaign(sponsor=sponsor, **facts)
    make_seat(campaign, manager, "manager")
    for position, name in enumerate(("Energy saved", "Security")):
        db.session.add(Criterion(campaign_id=campaign.id, position=position, name=name, weight=50))
    close_votes(campaign)
    freeze(campaign.id)
    db.session.commit()
    ideas = db.session.scalars(db.select(Idea).where(Idea.campaign_id == campaign.id).order_by(Idea.id)).all()
    return Decided(campaign, sponsor, manager, leader, list(ideas))


def write_letter(client: FlaskClient, address: str, **values: Any) -> TestResponse:
    """Fill in the letter at `address` and press a button: "do=send" unless another is named."""
    said = {"outcome": "not_retained", "reason": REASON, "button": "do=send"} | values
    return submit(client, address, urlsplit(address).path.rpartition("/")[2], **said)
