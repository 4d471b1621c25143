"""Whoever looks: the few facts about the signed-in person that pages, rules and queries need."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, loaded in one statement with the request. Also what Flask-Login calls a user."""

    id: int
    uid: str
    name: str
    email: str
    session_uid: str
    unit_id: int | None = None
    unit_name: str = ""
    unit_path: tuple[int, ...] = ()
    lang: str = "en"
    timezone: str = "UTC"
    theme: str = "system"
    density: str = "comfortable"
    keys_on: bool = True
    is_admin: bool = False
    is_leadership: bool = False
    is_moderator: bool = False
    is_talent: bool = False
    seats: frozenset[str] = field(default_factory=frozenset)
    unread: int = 0

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.session_uid

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> int:
        return tint(self.id)

    @property
    def sees_all_campaigns(self) -> bool:
        return self.is_admin or self.is_leadership or self.is_moderator


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def tint(person_id: int) -> int:
    """1 to 6: the avatar's ground."""
    return person_id % 6 + 1


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody as pages show them (components/person.html), made from any row that has an id and a name."""

    id: int
    name: str
    unit_name: str = ""
    url: str = ""

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> int:
        return tint(self.id)
