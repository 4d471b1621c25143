"""What is frozen when voting closes can be read back, and its digest tells any change."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scoring.record import digest, record, restore
from scoring.results import Standing
from scoring.standings import standings


@pytest.fixture(scope="module")
def standing() -> Standing:
    columns = np.random.default_rng(4).integers(0, 30, (3, 90))
    columns[:, 0] = 0
    return standings(*columns, k=6, seed=9, draws=200, keys=[f"idea {number}" for number in range(90)])


def test_a_record_survives_json_and_reads_back(standing: Standing) -> None:
    frozen = json.loads(json.dumps(record(standing)))
    again = restore(frozen)
    assert record(again) == frozen
    for ours, theirs in zip(standing.ideas, again.ideas, strict=True):
        assert (ours.key, ours.rank, ours.band, ours.inside, ours.strip) == (
            theirs.key,
            theirs.rank,
            theirs.band,
            theirs.inside,
            theirs.strip,
        )
        assert ours.score == pytest.approx(theirs.score, abs=1e-6)
    assert (again.cut, again.prior, again.widening) == (standing.cut, standing.prior, standing.widening)


def test_the_digest_follows_content_not_order_of_names(standing: Standing) -> None:
    frozen = record(standing)
    backwards = dict(reversed(frozen.items()))
    assert digest(frozen) == digest(backwards)
    assert len(digest(frozen)) == 64
    frozen["ideas"][3]["agrees"] += 1
    assert digest(frozen) != digest(backwards | {"ideas": record(standing)["ideas"]})


def test_another_format_is_refused(standing: Standing) -> None:
    with pytest.raises(ValueError, match="format 99"):
        restore(record(standing) | {"format": 99})
