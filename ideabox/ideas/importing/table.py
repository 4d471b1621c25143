"""Ideas from a table: one file of ideas, and if wished one of votes and one of comments. Columns in docs/import.md."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ideabox.ideas.importing import cells
from ideabox.ideas.importing.records import CampaignIn, CommentIn, IdeaIn, ImportFault, PersonIn, VoteIn
from ideabox.ideas.models.idea import OUTCOMES

IDEAS = ("title", "text", "author")
HEADER = ("id", "title", "text", "author", "author_email", "sent", "tags", "cost_low", "cost_high", "outcome", "reason")
VOTES = ("idea", "voter", "vote")
COMMENTS = ("idea", "author", "text")
MOST_COST = 2_000_000_000
EXAMPLE = (
    ("1", "Shut compressors at lunch", "Nobody draws air from 11:40 to 12:20.", "Ada Lindqvist", "ada@company.example"),
    ("2", "Label the shelves by week", "The oldest box is found from the door.", "Kim Larsen", "kim@company.example"),
)


def template() -> list[list[str]]:
    """The header and two example rows, for a file that people fill in."""
    rest = ["2026-06-28T09:30", "energy, lab", "1000", "3000", "", ""]
    return [list(HEADER), *([*row, *rest] for row in EXAMPLE)]


def load(path: Path, question: str, lang: str, votes: Path | None = None, comments: Path | None = None) -> CampaignIn:
    """One campaign out of one to three files, checked whole."""
    source = f"csv:{path.name}"
    campaign = CampaignIn(source=source, question=question or path.stem, lang=lang, people_source=source)
    refs = _load_ideas(campaign, path)
    if votes:
        _load_votes(campaign, votes, refs)
    if comments:
        _load_comments(campaign, comments, refs)
    campaign.started = min(idea.sent for idea in campaign.ideas)
    campaign.ended = max([idea.sent for idea in campaign.ideas] + [vote.cast for vote in campaign.votes])
    return campaign


def _load_ideas(campaign: CampaignIn, path: Path) -> set[str]:
    """Returns the references of the ideas."""
    refs: set[str] = set()
    for line, row in cells.rows(path, IDEAS):
        idea = _idea(campaign, path, line, row)
        if idea.ref in refs:
            raise cells.fault(path, line, f"id {idea.ref[:40]!r} stands twice")
        refs.add(idea.ref)
        campaign.ideas.append(idea)
    if not refs:
        raise ImportFault(f"{path.name}: the file holds no idea")
    return refs


def _idea(campaign: CampaignIn, path: Path, line: int, row: dict[str, str]) -> IdeaIn:
    ref = row.get("id", "").strip() or str(line)
    title = cells.text(path, line, "title", row["title"])
    if not title:
        raise cells.fault(path, line, "title is empty")
    title, body = cells.title_and_body(title, cells.text(path, line, "text", row["text"]))
    outcome = row.get("outcome", "").strip().lower().replace(" ", "_") or None
    if outcome and outcome not in OUTCOMES:
        raise cells.fault(path, line, f"outcome is {outcome[:40]!r}; one of {', '.join(OUTCOMES)} is expected")
    reason = cells.text(path, line, "reason", row.get("reason", ""))
    if outcome and not reason:
        raise cells.fault(path, line, "an outcome needs a reason")
    return IdeaIn(
        ref=ref,
        author=_person(campaign, path, line, row["author"], row.get("author_email", "")),
        title=title,
        body=body,
        sent=_sent(path, line, row.get("sent", "")),
        tags=cells.text(path, line, "tags", row.get("tags", ""))[: cells.TITLE],
        cost_low=_cost(path, line, "cost_low", row),
        cost_high=_cost(path, line, "cost_high", row),
        outcome=outcome,
        reason=reason,
    )


def _cost(path: Path, line: int, column: str, row: dict[str, str]) -> int | None:
    given = row.get(column, "").strip()
    return cells.whole(path, line, column, given, 0, MOST_COST) if given else None


def _sent(path: Path, line: int, given: str) -> datetime:
    return cells.moment(path, line, "sent", given) if given.strip() else datetime.now(UTC)


def _person(campaign: CampaignIn, path: Path, line: int, name: str, email: str = "") -> str:
    """Somebody by e-mail where one is given, else by name."""
    name, email = cells.text(path, line, "author", name)[:200], email.strip().lower()
    if not name and not email:
        raise cells.fault(path, line, "the person's name is empty")
    if email and ("@" not in email or len(email) > 254 or any(char.isspace() for char in email)):
        raise cells.fault(path, line, f"{email[:60]!r} is not an e-mail address")
    ref = (email or name)[:80]
    campaign.people.setdefault(ref, PersonIn(ref, name or email, email))
    return ref


def _load_votes(campaign: CampaignIn, path: Path, refs: set[str]) -> None:
    last: dict[tuple[str, str], VoteIn] = {}
    for line, row in cells.rows(path, VOTES):
        if row["idea"] not in refs:
            raise cells.fault(path, line, f"idea {row['idea'][:40]!r} is not among the ideas")
        voter = _person(campaign, path, line, row["voter"], row["voter"] if "@" in row["voter"] else "")
        cast = _sent(path, line, row.get("at", ""))
        value = cells.whole(path, line, "vote", row["vote"], -1, 1)
        before = last.get((voter, row["idea"]))
        if before is None or before.cast <= cast:
            last[(voter, row["idea"])] = VoteIn(row["idea"], voter, value, cast)
        campaign.votes_read += 1
    campaign.votes = list(last.values())


def _load_comments(campaign: CampaignIn, path: Path, refs: set[str]) -> None:
    for line, row in cells.rows(path, COMMENTS):
        if row["idea"] not in refs:
            raise cells.fault(path, line, f"idea {row['idea'][:40]!r} is not among the ideas")
        author = _person(campaign, path, line, row["author"], row["author"] if "@" in row["author"] else "")
        words = cells.text(path, line, "text", row["text"])
        campaign.comments.append(CommentIn(str(line), row["idea"], author, words, _sent(path, line, row.get("at", ""))))
