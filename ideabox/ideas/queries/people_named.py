"""Who is meant by a name in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import exists, or_, select

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import CampaignUnit, Seat

MOST = 10
MOST_WORDS = 4
_AT = re.compile(r"(?<![\w@])@(\S+(?: \S+){0,3})")
_END = ".,;:!?)]}»\"'"


def people_named(body: str, campaign: Any) -> dict[int, str]:
    """Id and name of people addressed as '@Kim Larsen' who may see the campaign.

    A name that two of them share addresses nobody: it stays text.
    """
    tries = [list(_tries(found)) for found in _AT.findall(body)[:MOST]]
    names = {name for each in tries for name in each}
    if not names:
        return {}
    known = _known(names, campaign)
    found = (next((known[name] for name in each if name in known), []) for each in tries)
    return {people[0][0]: people[0][1] for people in found if len(people) == 1}


def _tries(words: str) -> Iterator[str]:
    """What may be the name, the longest first."""
    parts = words.split(" ")
    for many in range(min(len(parts), MOST_WORDS), 0, -1):
        name = " ".join(parts[:many])
        yield name
        if name.rstrip(_END) != name:
            yield name.rstrip(_END)


def _known(names: set[str], campaign: Any) -> dict[str, list[tuple[int, str]]]:
    query = select(Person.id, Person.name).where(Person.name.in_(sorted(names)), Person.active)
    if campaign.audience != "all":
        query = query.outerjoin(Unit, Unit.id == Person.unit_id).where(_may_see(campaign))
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for person_id, name in db.session.execute(query):
        found[name].append((person_id, name))
    return found


def _may_see(campaign: Any) -> Any:
    inside = Unit.path.contains("/" + CampaignUnit.unit_id.cast(Person.name.type) + "/")
    asked = exists().where(CampaignUnit.campaign_id == campaign.id, inside)
    seated = exists().where(Seat.campaign_id == campaign.id, Seat.person_id == Person.id)
    return or_(asked, seated, Person.is_admin, Person.is_leadership, Person.is_moderator)
