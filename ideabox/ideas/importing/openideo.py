"""OpenIDEO challenges: inspirations and concepts become ideas, citations become links, results become outcomes.

Views and applause stay behind: they were read after the results were known and would pass for votes.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ideabox.ideas.importing import cells
from ideabox.ideas.importing.records import CampaignIn, CommentIn, IdeaIn, ImportFault, LinkIn, PersonIn

CHALLENGES = ("challenge_id", "question", "first_post", "concept_phase_end")
IDEAS = ("challenge_id", "idea_id", "kind", "author_id", "created", "title", "description", "shortlisted", "winner")
COMMENTS = ("challenge_id", "idea_id", "user_id", "created", "text")
BUILT_ON = ("source_idea_id", "derived_idea_id")
KINDS = ("inspiration", "concept")
PEOPLE = "openideo"
WON = "Chosen among the winners of the challenge."
SHORT = "Reached the shortlist of the challenge, not its winners."
NOT_SHORT = "Not on the shortlist of the challenge."


def load(folder: Path, lang: str) -> list[CampaignIn]:
    """All challenges of a folder with their ideas, comments, links and outcomes, checked whole."""
    campaigns = _challenges(_file(folder, "challenges"), lang)
    where = _load_ideas(campaigns, _file(folder, "ideas"))
    _load_comments(campaigns, where, _file(folder, "comments"))
    _load_links(campaigns, where, _file(folder, "built_on"))
    return list(campaigns.values())


def _file(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.csv.gz", folder / f"{name}.csv"):
        if path.exists():
            return path
    raise ImportFault(f"{folder}: {name}.csv.gz is missing")


def _challenges(path: Path, lang: str) -> dict[str, CampaignIn]:
    found: dict[str, CampaignIn] = {}
    for line, row in cells.rows(path, CHALLENGES):
        ref = row["challenge_id"]
        if not ref or ref in found:
            raise cells.fault(path, line, f"challenge_id {ref!r} is empty or stands twice")
        found[ref] = CampaignIn(
            source=f"openideo:{ref}",
            question=cells.text(path, line, "question", row["question"])[: cells.TITLE],
            lang=lang,
            people_source=PEOPLE,
            started=cells.moment(path, line, "first_post", row["first_post"]),
            ended=cells.moment(path, line, "concept_phase_end", row["concept_phase_end"]),
        )
    if not found:
        raise ImportFault(f"{path.name}: the file holds no challenge")
    return found


def _campaign(campaigns: dict[str, CampaignIn], path: Path, line: int, ref: str) -> CampaignIn:
    if ref not in campaigns:
        raise cells.fault(path, line, f"challenge_id {ref!r} is not among the challenges")
    return campaigns[ref]


def _load_ideas(campaigns: dict[str, CampaignIn], path: Path) -> dict[str, str]:
    """Returns the challenge of each idea."""
    where: dict[str, str] = {}
    for line, row in cells.rows(path, IDEAS):
        campaign = _campaign(campaigns, path, line, row["challenge_id"])
        if not row["idea_id"] or row["idea_id"] in where:
            raise cells.fault(path, line, f"idea_id {row['idea_id']!r} is empty or stands twice")
        where[row["idea_id"]] = row["challenge_id"]
        campaign.ideas.append(_idea(path, line, row))
        _add_person(campaign, row["author_id"])
    return where


def _idea(path: Path, line: int, row: dict[str, str]) -> IdeaIn:
    if row["kind"] not in KINDS:
        raise cells.fault(path, line, f"kind is {row['kind'][:40]!r}; inspiration or concept is expected")
    title = cells.text(path, line, "title", row["title"])
    if not title:
        raise cells.fault(path, line, "title is empty")
    title, body = cells.title_and_body(title, cells.text(path, line, "description", row["description"]))
    shortlisted = cells.whole(path, line, "shortlisted", row["shortlisted"], 0, 1) == 1
    outcome, reason = _outcome(row["kind"], shortlisted, cells.whole(path, line, "winner", row["winner"], 0, 1) == 1)
    return IdeaIn(
        ref=row["idea_id"],
        author=row["author_id"],
        title=title,
        body=body,
        sent=cells.moment(path, line, "created", row["created"]),
        tags=_tags(row["kind"], row.get("themes", "")),
        shortlisted=shortlisted,
        outcome=outcome,
        reason=reason,
    )


def _outcome(kind: str, shortlisted: bool, winner: bool) -> tuple[str | None, str]:
    """What the source says became of it. Inspirations were never judged and stay without an outcome."""
    if winner:
        return "accepted", WON
    if kind == "inspiration":
        return None, ""
    return "not_retained", SHORT if shortlisted else NOT_SHORT


def _tags(kind: str, themes: str) -> str:
    words = [kind, *(theme.strip().replace("_", " ") for theme in themes.replace(";", "|").split("|"))]
    return ", ".join(word for word in words if word)[: cells.TITLE]


def _add_person(campaign: CampaignIn, ref: str) -> None:
    campaign.people.setdefault(ref, PersonIn(ref, f"OpenIDEO member {ref[:40]}"))


def _load_comments(campaigns: dict[str, CampaignIn], where: dict[str, str], path: Path) -> None:
    numbers: defaultdict[str, int] = defaultdict(int)
    for line, row in cells.rows(path, COMMENTS):
        campaign = _campaign(campaigns, path, line, row["challenge_id"])
        idea = row["idea_id"]
        if where.get(idea) != row["challenge_id"]:
            raise cells.fault(path, line, f"idea_id {idea[:40]!r} is not among the ideas of its challenge")
        numbers[idea] += 1
        _add_person(campaign, row["user_id"])
        campaign.comments.append(
            CommentIn(
                ref=str(numbers[idea]),
                idea=idea,
                author=row["user_id"],
                body=cells.text(path, line, "text", row["text"]),
                sent=cells.moment(path, line, "created", row["created"]),
            )
        )


def _load_links(campaigns: dict[str, CampaignIn], where: dict[str, str], path: Path) -> None:
    """Citations; each belongs to the challenge of the newer idea, and may cite an idea of an earlier challenge."""
    for line, row in cells.rows(path, BUILT_ON):
        newer, older = row["derived_idea_id"], row["source_idea_id"]
        for ref in (newer, older):
            if ref not in where:
                raise cells.fault(path, line, f"idea {ref[:40]!r} is not among the ideas")
        campaigns[where[newer]].links.append(LinkIn(newer, older))
