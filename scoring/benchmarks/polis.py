"""Real campaigns for the yardsticks: folders of Polis exports, one conversation each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.counts import Ints
from scoring.csvfile import BadInput
from scoring.votes import Columns, parse_votes

COLUMNS = Columns(voter="voter-id", idea="comment-id", vote="vote", at="timestamp")
LEAST_VOTES, LEAST_IDEAS = 80, 30


@dataclass(frozen=True, slots=True)
class Campaign:
    """Last votes on the J ideas with at least LEAST_VOTES: idea (V,) from 0 to J-1, agrees (V,) true for a vote for."""

    name: str
    size: int
    idea: Ints
    agrees: Ints

    def tally(self) -> tuple[Ints, Ints]:
        """Agrees and votes per idea, each of shape (J,)."""
        return np.bincount(self.idea[self.agrees == 1], minlength=self.size), np.bincount(self.idea)


def campaigns(folder: Path) -> list[Campaign]:
    """Conversations below `folder` with at least LEAST_IDEAS ideas of LEAST_VOTES votes; BadInput where none is."""
    files = sorted(folder.glob("*/votes.csv"))
    if not files:
        raise BadInput(f"{folder} holds no conversation (a folder with a votes.csv)")
    found = [_campaign(file) for file in files]
    large = [campaign for campaign in found if campaign.size >= LEAST_IDEAS]
    if not large:
        raise BadInput(f"{folder}: no conversation has {LEAST_IDEAS} ideas of {LEAST_VOTES} votes")
    return large


def _campaign(file: Path) -> Campaign:
    votes = parse_votes(file.read_bytes(), str(file), COLUMNS)
    heard = np.bincount(votes.idea, minlength=len(votes.ideas)) >= LEAST_VOTES
    place = np.cumsum(heard) - 1
    kept = heard[votes.idea]
    return Campaign(
        file.parent.name, int(heard.sum()), place[votes.idea[kept]], (votes.vote[kept] == 1).astype(np.int64)
    )
