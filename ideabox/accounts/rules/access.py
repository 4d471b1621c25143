"""Who may change accounts, and what a change must leave standing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

MAX_DEPTH = 12


def may_administer(viewer: Viewer) -> Verdict:
    """People, roles, units, health: for admins."""
    return YES if viewer.is_admin else no(_l("Only an admin can do this. Ask one of yours."))


def may_add(*, taken: bool) -> Verdict:
    """An address belongs to one person."""
    return no(_l("Somebody has this address already."), status=409) if taken else YES


def may_import(viewer: Viewer | None) -> Verdict:
    """Admins, and whoever has the server's own command line (no viewer)."""
    return YES if viewer is None else may_administer(viewer)


def may_add_unit(*, taken: bool) -> Verdict:
    """A code belongs to one unit."""
    return no(_l("Another unit has this code already."), status=409) if taken else YES


def may_edit_profile(viewer: Viewer, person_id: int) -> Verdict:
    """A profile is what a person says of themselves; nobody else writes it."""
    return YES if viewer.id == person_id else no(_l("Only the person can change this page."))


def may_deactivate(viewer: Viewer, person_id: int) -> Verdict:
    """Admins deactivate others. One's own account is closed by another admin, so that nobody is shut out by a slip."""
    if not viewer.is_admin:
        return may_administer(viewer)
    if viewer.id == person_id:
        return no(_l("You cannot deactivate yourself. Another admin can do it."), status=409)
    return YES


def may_invite(viewer: Viewer, *, email: str | None, active: bool, has_password: bool) -> Verdict:
    """An invitation goes to an active person with an address who has not chosen a password yet."""
    if not viewer.is_admin:
        return may_administer(viewer)
    if not email:
        return no(_l("This person has no address. Add one first."), status=409)
    if not active:
        return no(_l("This person is deactivated. Reactivate them first."), status=409)
    if has_password:
        return no(_l("This person has already accepted an invitation."), status=409)
    return YES


def may_use_link(won: bool) -> Verdict:
    """`won`: whether this request was the one that used the link up."""
    return YES if won else no(_l("This link was used already, or has expired. Ask for a new one."), status=409)


def may_found(people: int) -> Verdict:
    """The first-run page works only while there is nobody."""
    return YES if people == 0 else no(_l("This Ideabox has its admin already."), status=409)


def one_admin_stays(others: int) -> Verdict:
    """`others`: admins who can sign in, besides the one who is about to lose the role or the account."""
    return YES if others else no(_l("This is the last admin. Make somebody else an admin first."), status=409)


def may_stand_under(path: str, parent_path: str) -> Verdict:
    """Whether the unit at `path` may move below `parent_path` ('' is the top): no circles, not too deep."""
    if path and parent_path.startswith(path):
        return no(_l("A unit cannot stand below itself or one of its own parts."), status=422)
    if parent_path.count("/") > MAX_DEPTH:
        return no(_l("Units can be %(n)d deep at most.", n=MAX_DEPTH), status=422)
    return YES
