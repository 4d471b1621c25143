"""Polis conversations: comments become ideas, agree / pass / disagree become good / unsure / not for us."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from ideabox.ideas.importing import cells
from ideabox.ideas.importing.records import CampaignIn, IdeaIn, ImportFault, PersonIn, VoteIn

COMMENTS = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
VOTES = ("timestamp", "comment-id", "voter-id", "vote")
REJECTED = "-1"


def find(folder: Path) -> list[Path]:
    """The conversations of a folder: itself, or the folders in it that hold one."""
    if not folder.is_dir():
        raise ImportFault(f"{folder}: there is no such folder")
    if (folder / "comments.csv").exists():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/comments.csv"))
    if not found:
        raise ImportFault(f"{folder}: no conversation here; a comments.csv is expected in it or below it")
    return found


def load(folder: Path, lang: str) -> CampaignIn:
    """One conversation, checked whole. A voter's last vote on an idea, by time, is the one that counts."""
    summary = _summary(folder / "summary.csv")
    source = f"polis:{folder.name}"
    campaign = CampaignIn(
        source=source,
        question=(summary.get("topic") or folder.name).strip()[: cells.TITLE],
        problem=summary.get("conversation-description", "").strip(),
        lang=lang,
        people_source=source,
    )
    _load_ideas(campaign, folder / "comments.csv")
    _load_votes(campaign, folder / "votes.csv")
    _set_dates(campaign)
    return campaign


def _summary(path: Path) -> dict[str, str]:
    """Lines of `key,value`; a value may run over several lines when it is quoted. The file may be absent."""
    if not path.exists():
        return {}
    try:
        words = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        raise ImportFault(f"{path.name}: the file cannot be read as UTF-8 text") from None
    pairs = (row for row in csv.reader(io.StringIO(words)) if len(row) >= 2)
    return {row[0].strip(): cells.text(path, 0, row[0], ",".join(row[1:])) for row in pairs}


def _load_ideas(campaign: CampaignIn, path: Path) -> None:
    seen: set[str] = set()
    for line, row in cells.rows(path, COMMENTS):
        ref = row["comment-id"]
        if not ref or ref in seen:
            raise cells.fault(path, line, f"comment-id {ref!r} is empty or stands twice")
        seen.add(ref)
        campaign.ideas.append(_idea(path, line, row))
        _add_person(campaign, path, line, row["author-id"])
    if not campaign.ideas:
        raise ImportFault(f"{path.name}: the file holds no comment")


def _idea(path: Path, line: int, row: dict[str, str]) -> IdeaIn:
    words = cells.text(path, line, "comment-body", row["comment-body"])
    if not words:
        raise cells.fault(path, line, "comment-body is empty")
    cells.whole(path, line, "moderated", row["moderated"], -1, 1)
    title, body = cells.title_and_body(words, "")
    return IdeaIn(
        ref=row["comment-id"],
        author=row["author-id"],
        title=title,
        body=body,
        sent=cells.from_milliseconds(path, line, row["timestamp"]),
        hidden_reason="Rejected by the moderators of the conversation" if row["moderated"] == REJECTED else "",
    )


def _add_person(campaign: CampaignIn, path: Path, line: int, ref: str) -> None:
    if not ref:
        raise cells.fault(path, line, "the person's id is empty")
    campaign.people.setdefault(ref, PersonIn(ref, f"Participant {ref[:40]}"))


def _load_votes(campaign: CampaignIn, path: Path) -> None:
    known = {idea.ref for idea in campaign.ideas}
    last: dict[tuple[str, str], tuple[datetime, int]] = {}
    for line, row in cells.rows(path, VOTES):
        voter, idea = row["voter-id"], row["comment-id"]
        if idea not in known:
            raise cells.fault(path, line, f"comment-id {idea!r} is not in comments.csv")
        _add_person(campaign, path, line, voter)
        cast = cells.from_milliseconds(path, line, row["timestamp"])
        value = cells.whole(path, line, "vote", row["vote"], -1, 1)
        before = last.get((voter, idea))
        if before is None or before[0] <= cast:
            last[(voter, idea)] = (cast, value)
        campaign.votes_read += 1
    campaign.votes = [VoteIn(idea, voter, value, cast) for (voter, idea), (cast, value) in last.items()]


def _set_dates(campaign: CampaignIn) -> None:
    moments = [idea.sent for idea in campaign.ideas] + [vote.cast for vote in campaign.votes]
    campaign.started, campaign.ended = min(moments), max(moments)
