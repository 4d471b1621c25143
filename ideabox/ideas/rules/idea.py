"""May I draft, send, change, withdraw, follow or report an idea?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.ideas.models.campaign import BOX, CLOSED
from ideabox.ideas.models.campaign import DRAFT as NOT_LAUNCHED
from ideabox.ideas.models.idea import DRAFT, LIVE, OPEN
from ideabox.ideas.rules.phases import allows
from ideabox.verdict import YES, Verdict, no

MOMENT = 409


def may_draft(asked: bool) -> Verdict:
    """Keep a text that one means to send to a campaign."""
    if asked:
        return YES
    return no(_l("This campaign asks other units. The open box takes ideas from everybody."))


def may_discard(viewer_id: int, author_id: int, stage: str) -> Verdict:
    """Throw away one's own draft."""
    if viewer_id == author_id and stage == DRAFT:
        return YES
    return no(_l("Only a draft can be thrown away, by its author."))


def may_submit(kind: str, phase: str, asked: bool) -> Verdict:
    """Send an idea to a campaign in this phase; `asked`: its audience includes the viewer."""
    if not asked:
        return may_draft(asked)
    if kind == BOX and phase != CLOSED and phase != NOT_LAUNCHED:
        return YES
    if allows(phase, "suggest"):
        return YES
    if phase == NOT_LAUNCHED:
        return no(_l("This campaign has not been launched yet."), status=MOMENT)
    return no(
        _l("This campaign no longer takes new ideas. Your text is kept as a draft; the open box would take it."),
        status=MOMENT,
    )


def may_edit(viewer_id: int, author_id: int, stage: str, phase: str) -> Verdict:
    """Change the text of an idea: its author, while it is open and nobody votes yet."""
    if viewer_id != author_id:
        return no(_l("Only its author changes the text of an idea."))
    if stage not in (DRAFT, OPEN):
        return no(_l("This idea can no longer be changed."), status=MOMENT)
    if not allows(phase, "edit"):
        return no(_l("The text has been fixed since voting opened, so that all vote on the same words."), status=MOMENT)
    return YES


def may_withdraw(viewer_id: int, author_id: int, stage: str, phase: str, hidden: bool = False) -> Verdict:
    """Take an idea back: its author, until voting opens. What moderators have hidden stays as evidence."""
    if viewer_id != author_id:
        return no(_l("Only its author withdraws an idea."))
    if stage != OPEN or hidden:
        return no(_l("This idea can no longer be withdrawn."), status=MOMENT)
    if not allows(phase, "edit"):
        return no(
            _l("Votes have been given on this idea. Ask the campaign's team to answer it instead."), status=MOMENT
        )
    return YES


def may_follow(viewer_id: int, author_id: int, stage: str) -> Verdict:
    """Follow an idea. Its author hears of everything anyway."""
    if viewer_id == author_id:
        return no(_l("You hear of everything about your own idea."))
    return YES if stage in LIVE else no(_l("This idea is not open to readers."), status=MOMENT)


def may_report(viewer_id: int, author_id: int, stage: str) -> Verdict:
    """Ask the moderators to look at something another person wrote."""
    if viewer_id == author_id:
        return no(_l("This is your own text. You can change or withdraw it."))
    return YES if stage in LIVE else no(_l("This idea is not open to readers."), status=MOMENT)
