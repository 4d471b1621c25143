"""Log that an idea was before somebody's eyes. Shows, not votes, say how fairly ideas were put before people.

A row of Show is its own record: it has no event, since it happens with every card and nothing follows from it.
"""

from __future__ import annotations

from sqlalchemy import update

from ideabox import clock
from ideabox.database import db, upsert
from ideabox.ideas.models.idea import IdeaTally
from ideabox.ideas.models.vote import Show
from ideabox.ideas.rules.shows import PAGE, counts_as_shown
from ideabox.ideas.rules.vote import Votable
from ideabox.viewer import Viewer


def shown(viewer: Viewer, idea: Votable, surface: str, slot: int) -> bool:
    """The viewer has seen the idea on that surface ('deck', 'page'). True the first time; later ones change nothing."""
    counts_as_shown(viewer.id, idea.author_id, idea.stage, surface).enforce()
    if not log(viewer.id, idea.id, idea.campaign_id, surface, slot):
        return False
    moved = {"shows": IdeaTally.shows + 1}
    if surface == PAGE:
        moved["readers"] = IdeaTally.readers + 1
    db.session.execute(update(IdeaTally).where(IdeaTally.idea_id == idea.id).values(moved))
    return True


def log(person_id: int, idea_id: int, campaign_id: int, surface: str, slot: int) -> bool:
    """Insert the row of Show unless it is there; whether it was new. The caller moves the tally."""
    who = {"person_id": person_id, "idea_id": idea_id, "campaign_id": campaign_id}
    row = upsert(Show.__table__).values(**who, surface=surface, slot=slot, at=clock.now()).on_conflict_do_nothing()
    return db.session.scalar(row.returning(Show.id)) is not None
