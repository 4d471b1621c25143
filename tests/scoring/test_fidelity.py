"""The yardstick on real votes. Needs the folder of data: IDEABOX_DATA, or a folder `shared/data` beside the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scoring.benchmarks.polis import campaigns
from scoring.benchmarks.sealed import EVEN, UNEVEN, known_truth, places, sealed_half
from scoring.benchmarks.simulation import rows
from scoring.csvfile import BadInput

ROOT = Path(__file__).parents[2]
POLIS = Path(os.environ.get("IDEABOX_DATA", ROOT.parent / "shared" / "data")) / "polis"
needs_data = pytest.mark.skipif(not POLIS.is_dir(), reason="no folder of Polis exports; set IDEABOX_DATA")


@needs_data
def test_the_shown_votes_and_the_sealed_ones_are_different_votes() -> None:
    campaign = campaigns(POLIS)[0]
    agrees, n = campaign.tally()
    for spread in (EVEN, UNEVEN):
        trial = sealed_half(campaign, 20, spread, np.random.default_rng(0))
        assert (trial.agrees <= trial.n).all()
        assert (trial.n <= n).all()
        assert trial.n.mean() == pytest.approx(20, rel=0.15)
        assert (trial.agrees <= agrees).all()
    trial = known_truth(campaign, 40, EVEN, np.random.default_rng(0))
    assert set(trial.n.tolist()) <= {*range(38, 41)}


def test_places_give_equals_different_ranks() -> None:
    assert sorted(places(np.array([0.5, 0.9, 0.5]), np.random.default_rng(0)).tolist()) == [1, 2, 3]
    assert places(np.array([0.5, 0.9, 0.5]), np.random.default_rng(0))[1] == 1


@needs_data
def test_shrinkage_beats_counting_and_the_intervals_hold() -> None:
    command = [sys.executable, "-m", "scoring", "fidelity", str(POLIS), "--repetitions", "8", "--json"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    values = {figure["measure"]: figure["values"] for figure in json.loads(done.stdout)}
    for votes in (20, 40):
        assert (
            values[f"recall@10, {votes} votes an idea"]["Beta"]
            > values[f"recall@10, {votes} votes an idea"]["up-votes"]
        )
        regret = values[f"regret@10, {votes} votes an idea"]
        assert regret["Beta"] < min(regret[name] for name in ("up-votes", "mean", "Wilson"))
    assert values["coverage, all, known truth"]["shortest"] >= 0.90
    for truth in ("known truth", "sealed half"):
        assert values[f"coverage, true top ten, {truth}"]["shortest"] >= 0.85
        assert values[f"width, {truth}"]["shortest"] < values[f"width, {truth}"]["equal tails"] + 0.02


def test_a_folder_without_conversations_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no conversation"):
        campaigns(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,1,1,1\n")
    with pytest.raises(BadInput, match="no conversation has"):
        campaigns(tmp_path)


def test_the_simulation_reports_coverage_for_each_kind_of_campaign() -> None:
    row = next(rows())
    assert (row.ideas, row.votes, row.strength) == (20, 5, 2.0)
    assert row.shortest[0] >= 0.90
    assert row.shortest[2] < row.equal_tails[2]
