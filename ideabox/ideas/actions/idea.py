"""Write an idea: keep a draft, send it, change it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, delete, insert, or_, select, update

from ideabox import clock, events, markdown
from ideabox.database import changed, db, upsert
from ideabox.ideas.actions import similar as terms
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import DRAFT, NAMED, OPEN, WITHDRAWN, Attachment, Idea, IdeaLink, IdeaTally, IdeaVersion
from ideabox.ideas.queries.campaign_state import lock, out_of_counts
from ideabox.ideas.queries.idea import Place
from ideabox.ideas.queries.similar import Near, similar
from ideabox.ideas.rules.idea import may_discard, may_draft, may_edit, may_submit, may_withdraw
from ideabox.verdict import Missing, Refused
from ideabox.viewer import Viewer

NEAR_KEPT = 3
NEAR, DIFFERS = "near", "differs"


class Conflict(Exception):
    """The text was saved from another page after this one was opened. `stored` is what that page saved."""

    def __init__(self, stored: Idea) -> None:
        super().__init__("saved elsewhere")
        self.stored = stored


class AlreadySent(Exception):
    """The draft has been sent, perhaps by the same form a moment ago."""


@dataclass(frozen=True)
class IdeaText:
    """All that an author writes."""

    title: str = ""
    body: str = ""
    difference: str = ""
    differs_from_id: int | None = None
    cost_low: int | None = None
    cost_high: int | None = None
    cost_note: str = ""
    who_could_help: str = ""
    tried_where: str = ""
    tags: str = ""
    privacy: str = NAMED


@dataclass(frozen=True)
class Page:
    """The page that writes: the uid it writes to, the version it was opened with, and its own key."""

    uid: str
    base: int
    key: str


def save_draft(viewer: Viewer, place: Place, page: Page, text: IdeaText) -> int:
    """Keep what is written so far; returns the draft's id. Conflict when another page has saved since.

    Saving has no event: it happens every two seconds, concerns nobody else, and the row is its own record.
    """
    may_draft(place.asked).enforce()
    idea_id = _put(viewer, place, page, asdict(text))
    _count_from_now(idea_id, place)
    return idea_id


def discard(viewer: Viewer, draft: Idea) -> Sequence[str]:
    """Throw a draft away; returns the uids of its files, whose bytes the caller removes after its commit."""
    may_discard(viewer.id, draft.author_id, draft.stage).enforce()
    gone = db.session.scalars(select(Attachment.uid).where(Attachment.idea_id == draft.id)).all()
    db.session.execute(delete(Idea).where(Idea.id == draft.id, Idea.stage == DRAFT))
    events.record("draft.discarded", actor_id=viewer.id, campaign_id=draft.campaign_id, subject=draft.uid)
    return gone


def submit(viewer: Viewer, place: Place, page: Page, text: IdeaText, *, client_key: str) -> int:
    """Send the idea; returns its id. Conflict or AlreadySent as for a draft; Refused when the phase has just closed."""
    campaign = place.campaign
    may_submit(campaign.kind, campaign.phase, place.asked).enforce()
    near = similar(viewer, text.title, text.body, limit=NEAR_KEPT)
    rendered = {"body_html": markdown.render(text.body), "excerpt": markdown.excerpt(text.body)}
    sent = {"stage": OPEN, "version": 1, "submitted_at": clock.now()}
    idea_id = _put(viewer, place, page, {**asdict(text), **rendered, **sent})
    _add_version(viewer, idea_id, 1, text)
    _count_from_now(idea_id, place)
    _count_in(campaign)
    terms.index(idea_id, text.title, text.body)
    _link(idea_id, near, text)
    names = {"campaign_id": campaign.id, "idea_id": idea_id, "subject": page.uid}
    events.record("idea.submitted", actor_id=viewer.id, client_key=client_key, **names)  # type: ignore[arg-type]
    return idea_id


def _put(viewer: Viewer, place: Place, page: Page, values: dict[str, Any]) -> int:
    """Insert the draft, or write over it when it is this author's and no other page has saved since."""
    row = upsert(Idea.__table__).values(
        uid=page.uid,
        campaign_id=place.campaign.id,
        author_id=viewer.id,
        **{"stage": DRAFT, "version": 1, "saved_by": page.key, "saved_at": clock.now(), **values},
    )
    over = {column.name: column for column in row.excluded if column.name in (*values, "saved_by", "saved_at")}
    over = {"version": Idea.version + 1, "campaign_id": row.excluded.campaign_id, **over}
    mine = and_(Idea.author_id == viewer.id, Idea.stage == DRAFT)
    unseen = or_(Idea.saved_by == page.key, Idea.version == page.base)
    statement = row.on_conflict_do_update(index_elements=["uid"], set_=over, where=and_(mine, unseen))
    idea_id: int | None = db.session.connection().scalar(statement.returning(Idea.id))
    if idea_id is None:
        raise _why_not(viewer, page)
    return idea_id


def _why_not(viewer: Viewer, page: Page) -> Exception:
    stored = db.session.scalar(select(Idea).where(Idea.uid == page.uid, Idea.author_id == viewer.id))
    if stored is None:
        return Missing()
    return Conflict(stored) if stored.stage == DRAFT else AlreadySent()


def _count_from_now(idea_id: int, place: Place) -> None:
    """The row of counts, from the first draft on."""
    row = upsert(IdeaTally.__table__).values(idea_id=idea_id, campaign_id=place.campaign.id)
    db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_={"campaign_id": place.campaign.id}))


def _count_in(campaign: Campaign) -> None:
    """Count the idea in its campaign, on condition that the phase is still the one the rule has seen.

    The condition is on the row that moving the phase writes too, so one of the two waits for the other.
    """
    still = update(Campaign).where(Campaign.id == campaign.id, Campaign.phase == campaign.phase)
    if not changed(still.values(idea_count=Campaign.idea_count + 1)):
        raise Refused(_("The campaign has just moved on and takes no new ideas. Your draft is kept."), status=409)


def _add_version(viewer: Viewer, idea_id: int, number: int, text: IdeaText, note: str = "") -> None:
    words = {"title": text.title, "body": text.body, "note": note, "created_at": clock.now()}
    db.session.execute(insert(IdeaVersion).values(idea_id=idea_id, number=number, editor_id=viewer.id, **words))


def _link(idea_id: int, near: list[Near], text: IdeaText) -> None:
    """Remember the ideas it came near to, and the one it says it differs from."""
    rows = [_link_row(idea_id, each.id, NEAR, ", ".join(each.shared[:6])) for each in near if each.id != idea_id]
    if text.differs_from_id and text.differs_from_id != idea_id:
        rows.append(_link_row(idea_id, text.differs_from_id, DIFFERS, text.difference))
    if rows:
        db.session.execute(insert(IdeaLink), rows)


def _link_row(from_id: int, to_id: int, kind: str, note: str) -> dict[str, Any]:
    return {"from_id": from_id, "to_id": to_id, "kind": kind, "note": note, "created_at": clock.now()}


def edit(
    viewer: Viewer, idea: Idea, campaign: Campaign, text: IdeaText, *, base: int, note: str, client_key: str
) -> int:
    """Make a new version of a sent idea; returns its number. Conflict when `base` is no longer the latest."""
    may_edit(viewer.id, idea.author_id, idea.stage, _phase_kept(campaign)).enforce()
    rendered = {"body_html": markdown.render(text.body), "excerpt": markdown.excerpt(text.body)}
    values = {**asdict(text), **rendered, "privacy": idea.privacy, "version": base + 1, "saved_at": clock.now()}
    write = update(Idea).where(Idea.id == idea.id, Idea.version == base, Idea.stage == OPEN).values(**values)
    if not changed(write.execution_options(synchronize_session=False)):
        db.session.expire(idea)
        raise Conflict(idea)
    _add_version(viewer, idea.id, base + 1, text, note)
    terms.reindex(idea.id, text.title, text.body)
    names = {"campaign_id": campaign.id, "idea_id": idea.id, "subject": idea.uid}
    events.record("idea.edited", actor_id=viewer.id, client_key=client_key, version=base + 1, **names)  # type: ignore[arg-type]
    return base + 1


def _phase_kept(campaign: Campaign) -> str:
    """The campaign's phase, which cannot move before this transaction ends."""
    query = select(Campaign.phase).where(Campaign.id == campaign.id).with_for_update(read=True)
    return db.session.scalars(query).one()


def withdraw(viewer: Viewer, idea: Idea, campaign: Campaign, reason: str, *, client_key: str) -> None:
    """Take a sent idea back; it can be read by its author alone from then on."""
    may_withdraw(viewer.id, idea.author_id, idea.stage, campaign.phase, idea.hidden_at is not None).enforce()
    # The campaign first, as whoever answers the idea does: each would otherwise hold what the other waits for.
    if lock(campaign.id).phase != campaign.phase:
        raise Refused(_("The campaign has just moved on. Reload the page to see how things stand."), status=409)
    write = update(Idea).where(Idea.id == idea.id, Idea.stage == OPEN, Idea.hidden_at.is_(None))
    outcome = db.session.execute(write.values(stage=WITHDRAWN, saved_at=clock.now()).returning(Idea.outcome)).first()
    if outcome is None:
        raise Refused(_("This idea can no longer be withdrawn."), status=409)
    db.session.execute(out_of_counts(campaign.id, answered=outcome[0] is not None))
    terms.forget(idea.id)
    names = {"campaign_id": campaign.id, "idea_id": idea.id, "subject": idea.uid}
    events.record("idea.withdrawn", actor_id=viewer.id, client_key=client_key, reason=reason, **names)  # type: ignore[arg-type]
