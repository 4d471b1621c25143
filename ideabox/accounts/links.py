"""One-time links: an unguessable token that is mailed once, kept only as its hash, and used up by whoever is first."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from ideabox import clock, ids
from ideabox.accounts.models import OneTimeLink, Person
from ideabox.database import db

INVITE, RESET = "invite", "reset"
LASTS = {INVITE: timedelta(days=7), RESET: timedelta(hours=2)}


def issue(person_id: int, purpose: str) -> str:
    """Make a link, and end the person's earlier ones of this purpose. Returns the token; only its hash is stored."""
    end_all(person_id, purpose)
    token = ids.new_token()
    expires = clock.now() + LASTS[purpose]
    db.session.add(OneTimeLink(token_hash=_hash(token), purpose=purpose, person_id=person_id, expires_at=expires))
    return token


def holder(token: str, purpose: str) -> Person | None:
    """The active person of a link that still works; looking does not use it up."""
    query = select(Person).join(OneTimeLink, OneTimeLink.person_id == Person.id)
    found: Person | None = db.session.scalar(query.where(_works(token, purpose), Person.active))
    return found


def use(token: str, purpose: str) -> bool:
    """Use the link up. Of two at once, the database lets one through."""
    won = update(OneTimeLink).where(_works(token, purpose)).values(used_at=clock.now()).returning(OneTimeLink.id)
    return db.session.scalar(won) is not None


def end_all(person_id: int, *purposes: str) -> None:
    """Make the person's open links (of these purposes, or all) useless."""
    query = update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    if purposes:
        query = query.where(OneTimeLink.purpose.in_(purposes))
    db.session.execute(query.values(used_at=clock.now()))


def _works(token: str, purpose: str) -> ColumnElement[bool]:
    return and_(
        OneTimeLink.token_hash == _hash(token),
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
