"""What an import brings, before it touches the database: plain records named by the source's own references."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


class ImportFault(Exception):
    """The source cannot be taken in. The message names the file, the line where there is one, and the reason."""


@dataclass(frozen=True)
class PersonIn:
    """`email` finds a person who is here already; without one the person is known by the source alone."""

    ref: str
    name: str
    email: str = ""


@dataclass(frozen=True)
class IdeaIn:
    ref: str
    author: str
    title: str
    body: str
    sent: datetime
    tags: str = ""
    cost_low: int | None = None
    cost_high: int | None = None
    shortlisted: bool = False
    outcome: str | None = None
    reason: str = ""
    hidden_reason: str = ""


@dataclass(frozen=True)
class VoteIn:
    """The vote that counts: -1 not for us, 0 unsure, 1 good."""

    idea: str
    voter: str
    value: int
    cast: datetime


@dataclass(frozen=True)
class CommentIn:
    ref: str
    idea: str
    author: str
    body: str
    sent: datetime


@dataclass(frozen=True)
class LinkIn:
    """`newer` was built on `older`."""

    newer: str
    older: str


@dataclass
class CampaignIn:
    """One campaign of a source. `source` names it for ever: the same one cannot come in twice.

    `votes_read` counts the rows of the source, `votes` holds the last of each voter and idea.
    """

    source: str
    question: str
    problem: str = ""
    lang: str = "en"
    people_source: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    people: dict[str, PersonIn] = field(default_factory=dict)
    ideas: list[IdeaIn] = field(default_factory=list)
    votes: list[VoteIn] = field(default_factory=list)
    votes_read: int = 0
    comments: list[CommentIn] = field(default_factory=list)
    links: list[LinkIn] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The figures that a source's own description gives, for comparing."""
        return {
            "ideas": len(self.ideas),
            "authors": len({idea.author for idea in self.ideas}),
            "voters": len({vote.voter for vote in self.votes}),
            "votes_read": self.votes_read,
            "votes": len(self.votes),
            "comments": len(self.comments),
            "links": len(self.links),
            "shortlisted": sum(idea.shortlisted for idea in self.ideas),
            "accepted": sum(idea.outcome == "accepted" for idea in self.ideas),
        }
