"""Reading votes: which vote counts, and one sentence for each way a file can be wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.csvfile import BadInput
from scoring.votes import Votes, parse_votes

HEAD = "voter,idea,vote\n"


def parsed(text: str) -> Votes:
    return parse_votes(text.encode(), "votes.csv")


def as_dict(votes: Votes) -> dict[tuple[str, str], int]:
    rows = zip(votes.voter.tolist(), votes.idea.tolist(), votes.vote.tolist(), strict=True)
    return {(votes.voters[voter], votes.ideas[idea]): vote for voter, idea, vote in rows}


def test_without_times_the_last_row_counts() -> None:
    assert as_dict(parsed(HEAD + "ann,x,1\nbob,x,0\nann,x,-1\n")) == {("ann", "x"): -1, ("bob", "x"): 0}


def test_with_times_the_latest_vote_counts_wherever_it_stands() -> None:
    assert as_dict(parsed("at,voter,idea,vote\n30,ann,x,-1\n4,ann,x,1\n")) == {("ann", "x"): -1}
    zones = "at,voter,idea,vote\n2026-05-01T12:00:00+02:00,ann,x,1\n2026-05-01T11:00:00,ann,x,0\n"
    assert as_dict(parsed(zones)) == {("ann", "x"): 0}


def test_of_two_votes_at_one_moment_the_lower_counts() -> None:
    rows = ["5,ann,x,1", "5,ann,x,-1"]
    for order in (rows, rows[::-1]):
        assert as_dict(parsed("at,voter,idea,vote\n" + "\n".join(order))) == {("ann", "x"): -1}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from([1, 0, -1]))),
    st.randoms(),
)
def test_with_times_the_order_of_rows_does_not_matter(rows: list[tuple[int, str, str, int]], random: object) -> None:
    lines = [",".join(map(str, row)) for row in [(0, "a", "x", 1), *rows]]
    first = as_dict(parsed("at,voter,idea,vote\n" + "\n".join(lines)))
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert as_dict(parsed("at,voter,idea,vote\n" + "\n".join(lines))) == first


def test_the_tally_counts_each_person_once() -> None:
    votes = parsed(HEAD + "a,x,1\na,x,1\nb,x,1\nc,x,0\nd,x,-1\na,y,-1\n")
    assert [column.tolist() for column in votes.tally()] == [[2, 0], [1, 1], [1, 0]]
    assert votes.ideas == ("x", "y")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffVoter, IDEA ,Vote,Comment\r\nann,x,1,hello\r\n",
        "vote;idea;voter\n1;x;ann\n",
        "voter\tidea\tvote\nann\tx\t+1",
        "\n\nvoter,idea,vote\n\nann,x,1.0\n\n",
        'voter,idea,vote,note\nann," x ",1,"two\nlines, and a comma"\n',
    ],
    ids=["mark, case, CRLF, more columns", "semicolons", "tabs, no last line end", "empty lines", "quotes"],
)
def test_files_as_people_have_them(text: str) -> None:
    assert as_dict(parsed(text)) == {("ann", "x"): 1}


def test_names_in_any_script() -> None:
    assert as_dict(parsed(HEAD + "Zoé,想法,1\n")) == {("Zoé", "想法"): 1}


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf \n\n", 1, "empty"),
        (b"\n,\n", 2, "no column 'voter'"),
        (b"voter,idea,vote\n", 1, "no row"),
        (b"voter,idea\nann,x\n", 1, "no column 'vote' \\(found 'voter', 'idea'"),
        (b"person,idea,vote\nann,x,1\n", 1, "no column 'voter'"),
        (b"voter,idea,vote,vote\nann,x,1,1\n", 1, "there twice"),
        (b"voter,idea,vote\nann,x,1\nbob,x,2\n", 3, "the vote '2' is none of"),
        (b"voter,idea,vote\nann,x,nan\n", 2, "the vote 'nan'"),
        (b"voter,idea,vote\nann,x,\n", 2, "the vote ''"),
        (b"voter,idea,vote\nann,x,1e400\n", 2, "the vote '1e400'"),
        (b"voter,idea,vote\nann,x,1\nbob,x\n", 3, "2 cells where the header has 3"),
        (b"voter,idea,vote\nann,x,1,9\n", 2, "4 cells"),
        (b"voter,idea,vote\nann,x,1\nbo", 3, "1 cell where"),
        (b'voter,idea,vote\nann,x,1\nbob,"x,1\n', 3, "not readable as CSV"),
        (b'voter,idea,vote\nann,"x"y,1\n', 2, "not readable as CSV"),
        (b"voter,idea,vote\n ,x,1\n", 2, "'voter' is empty"),
        (b"voter,idea,vote\nann,,1\n", 2, "'idea' is empty"),
        (b"voter,idea,vote\nann,x,1\nZo\xe9,x,1\n", 3, "0xe9 is not UTF-8"),
        ("voter,idea,vote\nann,x,1\n".encode("utf-16"), 1, "UTF-16"),
        (b"voter,idea,vote\nann,x\0,1\n", 2, "NUL"),
        (b"PK\x03\x04\x14\x00\xff\xfe", 1, "not UTF-8"),
        (b"voter,idea,vote\nann," + b"x" * 200_000 + b",1\n", 2, "field larger"),
        (b"voter,idea,vote,at\nann,x,1,5\nbob,x,1,\n", 3, "'at' is '', not a number"),
        (b"voter,idea,vote,at\nann,x,1,inf\n", 2, "'at' is 'inf'"),
        (b"voter,idea,vote,at\nann,x,1,nan\n", 2, "'at' is 'nan'"),
        (b"voter,idea,vote,at\nann,x,1,2026-05-01\nbob,x,1,soon\n", 3, "'soon', not a date"),
        (b"voter,idea,vote,at\nann,x,1,2026-05-01\nbob,x,1,17\n", 3, "'17', not a date"),
    ],
)
def test_one_sentence_for_each_fault(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        parse_votes(data, "votes.csv")
    assert str(caught.value).startswith(f"votes.csv, line {line}: ")
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_votes_or_bad_input(data: bytes) -> None:
    for text in (data, b"voter,idea,vote,at\n" + data):
        try:
            votes = parse_votes(text, "votes.csv")
        except BadInput:
            continue
        assert np.isin(votes.vote, [-1, 0, 1]).all()
