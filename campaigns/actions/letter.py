"""Do it: keep a letter while it is written, send it to one idea or to several near-twins, tell how an idea goes on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from campaigns.models.shortlist import LetterDraft
from campaigns.queries import letters as queries
from campaigns.queries.letters import Addressee
from campaigns.rules import letter as rules
from ideabox import clock
from ideabox.database import db, upsert
from ideabox.ideas.actions import answer as answers
from ideabox.ideas.models.answer import FollowUp, Letter
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules.answer import MOST_TWINS, Answer, names_something, reason_holds
from ideabox.ids import new_uid
from ideabox.verdict import Refused
from ideabox.viewer import Viewer


def draft(viewer: Viewer, seen: Seen, idea: Idea, answer: Answer) -> None:
    """Keep what is written so far; one draft an idea, the last writer's words stand. No event: it comes every 2 s."""
    rules.may_draft(seen.runs).enforce()
    parts = {
        "outcome": answer.outcome,
        "understood": answer.understood,
        "spoke_for": answer.spoke_for,
        "reason": answer.reason,
        "would_change": answer.would_change,
        "next_step": answer.next_step,
        "parked_until": answer.parked_until,
        "author_id": viewer.id,
        "saved_at": clock.now(),
    }
    row = upsert(LetterDraft.__table__).values(idea_id=idea.id, **parts)
    db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_=parts))


def send(
    viewer: Viewer,
    seen: Seen,
    to: Sequence[Addressee],
    answer: Answer,
    *,
    numbers: dict[str, int],
    tell_voters: bool = True,
    client_key: str | None = None,
) -> list[Letter]:
    """Sign and send one letter, or one collective letter to near-twins: all of them leave, or none.

    numbers: by the idea's uid, which letter of the idea this is, as its writer saw it. Refused with 422 when the
    reason would not be understood, with 409 when somebody else was faster.
    """
    campaign = seen.campaign
    rules.may_send(seen.seats, campaign.kind, campaign.phase).enforce()
    check_reason(seen, to, answer)
    batch = new_uid() if len(to) > 1 else None
    letters = []
    for place, one in enumerate(to):
        letters.append(
            answers.settle(
                viewer,
                one.idea,
                answer,
                number=numbers.get(one.idea.uid, one.letters) + 1,
                tell_voters=tell_voters,
                batch=batch,
                client_key=client_key if place == 0 else None,
            )
        )
    db.session.execute(delete(LetterDraft).where(LetterDraft.idea_id.in_([one.idea.id for one in to])))
    return letters


def check_reason(seen: Seen, to: Sequence[Addressee], answer: Answer) -> None:
    """The reason must speak of each idea it answers, and not be the text that went to many others."""
    rules.may_answer_together(len(to), MOST_TWINS).enforce()
    said = queries.stems_of(answer.reason)
    criteria = queries.stems_of(*queries.criteria_of(seen.campaign.id))
    mark = answers.reason_mark(answer.reason)
    alike = queries.sent_alike(seen.campaign.id, mark, [one.idea.id for one in to])
    for one in to:
        named = names_something(said, queries.stems_of(one.idea.title, one.idea.body), criteria)
        verdict = reason_holds(answer.reason, named, alike)
        if not verdict:
            title = f"{one.idea.title}: " if len(to) > 1 else ""
            raise Refused(f"{title}{verdict.reason}", status=verdict.status)


def follow_up(
    viewer: Viewer, seen: Seen, idea: Idea, stage: str, words: str, *, client_key: str | None = None
) -> FollowUp:
    """Tell that an accepted idea is in progress, or delivered."""
    rules.may_follow_up(seen.runs).enforce()
    return answers.follow_up(viewer, idea, stage, words, client_key=client_key)
