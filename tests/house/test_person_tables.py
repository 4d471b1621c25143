"""Every column that names a person is listed here with what it is for: who adds one thinks of export and erasure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

ABOUT_PERSON = {
    "attachment.owner_id": "whose file it is: only the owner takes it away",
    "ballot.person_id": "what a voter has used of the budget",
    "campaign.created_by_id": "who prepared the campaign",
    "campaign.sponsor_id": "who answers for the campaign by name",
    "campaign_follow.person_id": "who wants to hear of a campaign",
    "campaign_update.author_id": "who wrote the news",
    "comment.author_id": "who said it; hidden where the author of a sealed idea speaks",
    "follow_up.author_id": "who told how an accepted idea goes on",
    "idea.author_id": "who wrote the idea; shown as rules/names.py says",
    "idea_follow.person_id": "who wants to hear of an idea",
    "idea_version.editor_id": "who wrote this version",
    "letter.signer_id": "who signed the answer",
    "letter_draft.author_id": "who wrote the draft last; seen by the sponsor's team",
    "mention.person_id": "who was addressed",
    "mute.person_id": "what a person does not want to hear of",
    "notice.person_id": "whose inbox it is",
    "objection.actor_id": "who noted what speaks against an idea; seen by the sponsor's team",
    "one_time_link.person_id": "whom an invitation or a reset is for",
    "phase_change.actor_id": "who moved a phase by hand",
    "report.reporter_id": "who asked the moderators to look; never shown to the author",
    "report.resolver_id": "which moderator decided",
    "seat.person_id": "who sponsors, manages, evaluates",
    "shortlist.actor_id": "who confirmed the shortlist",
    "shortlist_choice.actor_id": "who chose at the cut",
    "show.person_id": "who has been shown an idea",
    "user_session.person_id": "whose browser is signed in",
    "vote.voter_id": "who answered; never shown to anybody but the voter",
}
#: Columns that name a person by number without a foreign key, so that erasing the person keeps the line.
WITHOUT_KEY = {"event.actor_id": "the audit line outlives the person it names"}


def person_columns(metadata: MetaData) -> Iterator[str]:
    """Columns with a foreign key to a person, and those that are called like one."""
    for table in metadata.tables.values():
        for column in table.columns:
            named = column.name.endswith(("person_id", "actor_id", "author_id", "voter_id", "owner_id"))
            if named or any(key.column.table.name == "person" for key in column.foreign_keys):
                yield f"{table.name}.{column.name}"


def unlisted(found: Iterable[str]) -> list[str]:
    return sorted(set(found) - set(ABOUT_PERSON) - set(WITHOUT_KEY))


def test_each_column_that_names_a_person_is_listed() -> None:
    import wsgi  # noqa: F401 - brings all models in
    from ideabox.database import Base

    found = set(person_columns(Base.metadata))
    assert unlisted(found) == []
    assert sorted({*ABOUT_PERSON, *WITHOUT_KEY} - found) == [], "these columns are gone"


def test_a_new_column_turns_it_red() -> None:
    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True))
    Table("badge", metadata, Column("holder", ForeignKey("person.id")), Column("giver_person_id", Integer))
    assert unlisted(person_columns(metadata)) == ["badge.giver_person_id", "badge.holder"]
