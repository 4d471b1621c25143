"""Do it: add files to an idea, take them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import func, select, update

from ideabox import events, files
from ideabox.database import changed, db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Attachment, Idea
from ideabox.ideas.rules.files import may_attach, may_detach
from ideabox.ids import new_uid
from ideabox.viewer import Viewer


def attach(viewer: Viewer, idea: Idea, campaign: Campaign, given: files.SafeFile, *, alt: str = "") -> Attachment:
    """Keep a file that `files.look_into` has passed. Its bytes are on disk before the row that names them."""
    have = db.session.scalar(select(func.count()).where(Attachment.idea_id == idea.id)) or 0
    may_attach(viewer.id, idea.author_id, idea.stage, campaign.phase, have).enforce()
    row = Attachment(
        uid=new_uid(),
        idea_id=idea.id,
        owner_id=viewer.id,
        name=given.name,
        kind=given.kind,
        content_type=given.content_type,
        size=len(given.data),
        width=given.width,
        height=given.height,
        alt=alt[:200],
    )
    files.store(row.uid, given.data)
    db.session.add(row)
    events.record(
        "file.attached",
        actor_id=viewer.id,
        campaign_id=idea.campaign_id,
        idea_id=idea.id,
        subject=row.uid,
        kind=row.kind,
    )
    return row


@contextmanager
def undone_together() -> Iterator[list[str]]:
    """Gives a list for the uids of files attached inside: when what is inside fails, their bytes go again."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        forget(stored)
        raise


def forget(uids: Iterable[str]) -> None:
    """Remove bytes whose rows were rolled back, or were deleted by a transaction that is committed."""
    for uid in uids:
        files.remove(uid)


def describe(viewer: Viewer, idea: Idea, campaign: Campaign, said: Mapping[str, str]) -> None:
    """Say what pictures show, for those who do not see them: uid of the file -> words. Those of other ideas stay."""
    if not said:
        return
    may_detach(viewer.id, idea.author_id, idea.stage, campaign.phase).enforce()
    for uid, words in said.items():
        mine = update(Attachment).where(Attachment.uid == uid, Attachment.idea_id == idea.id, Attachment.alt != words)
        if changed(mine.values(alt=words)):
            names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": uid}
            events.record("file.described", actor_id=viewer.id, **names)  # type: ignore[arg-type]


def detach(viewer: Viewer, attachment: Attachment, idea: Idea, campaign: Campaign) -> None:
    """Take a file away; the caller removes the bytes after its commit (`files.remove`)."""
    may_detach(viewer.id, idea.author_id, idea.stage, campaign.phase).enforce()
    db.session.delete(attachment)
    events.record(
        "file.detached", actor_id=viewer.id, campaign_id=idea.campaign_id, idea_id=idea.id, subject=attachment.uid
    )
