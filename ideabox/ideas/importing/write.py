"""Write a checked campaign into the database: people, ideas, votes with their tallies, talk, links, outcomes.

Everything goes into the running transaction; the command commits once, or not at all.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideabox import bulk, clock, events
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.actions import standing
from ideabox.ideas.actions.similar import index_many
from ideabox.ideas.importing.records import CampaignIn, IdeaIn, ImportFault
from ideabox.ideas.models.answer import Letter
from ideabox.ideas.models.campaign import DECIDE, DELIVER, EVALUATE, SPONSOR, VOTE, Campaign, PhaseChange, Seat
from ideabox.ideas.models.idea import DECIDED, OPEN, SHORTLISTED, Idea, IdeaLink, IdeaTally, IdeaVersion
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.models.vote import Ballot, Vote
from ideabox.markdown import excerpt, render

Step = Callable[[str, int], Callable[[int], None]]
Ids = Mapping[str, int]


def refuse_doubles(campaigns: list[CampaignIn]) -> None:
    """ImportFault when one of the campaigns came in before: an import is never added to."""
    sources = [campaign.source for campaign in campaigns]
    here = db.session.scalars(select(Campaign.source).where(Campaign.source.in_(sources))).all()
    if here:
        raise ImportFault(f"already imported: {', '.join(sorted(str(name) for name in here))}. Nothing was changed.")


def write(data: CampaignIn, sponsor: Person | None, step: Step) -> Campaign:
    """Write one campaign. `step(name, total)` opens a line of progress and gives the function that moves it."""
    people = _people(data, step)
    campaign = _campaign(data, sponsor)
    ideas = _ideas(campaign, data, people, step)
    _votes(campaign, data, people, ideas, step)
    _tallies(campaign, data, ideas)
    _talk(data, people, ideas, step)
    _letters(campaign, data, ideas, sponsor)
    standing.freeze(campaign.id)
    events.record("campaign.imported", actor_id=None, campaign_id=campaign.id, subject=campaign.uid, source=data.source)
    return campaign


def _people(data: CampaignIn, step: Step) -> dict[str, int]:
    """Ids of the source's people: by e-mail where they are here, by the source's own reference, or new."""
    found = _known_people(data)
    new = [person for ref, person in data.people.items() if ref not in found]
    rows = (
        {
            "name": person.name,
            "email": person.email or None,
            "source": data.people_source,
            "source_ref": person.ref,
            "created_at": data.started or clock.now(),
        }
        for person in new
    )
    bulk.insert(Person, rows, step("people", len(new)))
    return _known_people(data)


def _known_people(data: CampaignIn) -> dict[str, int]:
    query = select(Person.source_ref, Person.id).where(Person.source == data.people_source)
    known = {str(ref): person_id for ref, person_id in db.session.execute(query) if ref in data.people}
    emails = {person.email: ref for ref, person in data.people.items() if person.email}
    by_email = select(Person.email, Person.id).where(Person.email.in_(list(emails)))
    return known | {emails[str(email)]: person_id for email, person_id in db.session.execute(by_email)}


def _campaign(data: CampaignIn, sponsor: Person | None) -> Campaign:
    goods = Counter(vote.voter for vote in data.votes if vote.value > 0)
    answered = sum(idea.outcome is not None for idea in data.ideas)
    campaign = Campaign(
        question=data.question,
        problem=data.problem,
        lang=data.lang,
        phase=DELIVER if answered else DECIDE,
        phase_since=data.ended or clock.now(),
        suggest_at=data.started,
        created_at=data.started or clock.now(),
        sponsor_id=sponsor.id if sponsor else None,
        good_limit=max([10, *goods.values()]),
        seed=secrets.randbelow(2**31),
        source=data.source,
        idea_count=sum(not idea.hidden_reason for idea in data.ideas),
        vote_count=len(data.votes),
        voter_count=len({vote.voter for vote in data.votes}),
        answered_count=answered,
    )
    db.session.add(campaign)
    db.session.flush()
    if sponsor:
        db.session.add(Seat(campaign_id=campaign.id, person_id=sponsor.id, role=SPONSOR))
    if data.votes:
        db.session.add(PhaseChange(campaign_id=campaign.id, before=VOTE, after=EVALUATE, reason="Imported"))
    db.session.flush()
    return campaign


def _ideas(campaign: Campaign, data: CampaignIn, people: Ids, step: Step) -> dict[str, int]:
    bulk.insert(Idea, _idea_rows(campaign, data, people), step("ideas", len(data.ideas)))
    query = select(Idea.source_ref, Idea.id).where(Idea.campaign_id == campaign.id)
    ids = {str(ref): idea_id for ref, idea_id in db.session.execute(query)}
    bulk.insert(
        IdeaVersion,
        (
            {
                "idea_id": ids[idea.ref],
                "number": 1,
                "title": idea.title,
                "body": idea.body,
                "editor_id": people[idea.author],
                "created_at": idea.sent,
            }
            for idea in data.ideas
        ),
    )
    index_many((ids[idea.ref], idea.title, idea.body) for idea in data.ideas)
    return ids


def _idea_rows(campaign: Campaign, data: CampaignIn, people: Ids) -> Iterator[dict[str, Any]]:
    for idea in data.ideas:
        hidden = idea.sent if idea.hidden_reason else None
        yield {
            "campaign_id": campaign.id,
            "author_id": people[idea.author],
            "stage": _stage(idea),
            "outcome": idea.outcome,
            "title": idea.title,
            "body": idea.body,
            "body_html": render(idea.body),
            "excerpt": excerpt(idea.body),
            "tags": idea.tags,
            "cost_low": idea.cost_low,
            "cost_high": idea.cost_high,
            "shuffle": secrets.randbelow(2**31),
            "created_at": idea.sent,
            "saved_at": idea.sent,
            "submitted_at": idea.sent,
            "decided_at": data.ended if idea.outcome else None,
            "first_answer_at": data.ended if idea.outcome else None,
            "hidden_at": hidden,
            "hidden_reason": idea.hidden_reason,
            "source_ref": idea.ref,
        }


def _stage(idea: IdeaIn) -> str:
    if idea.outcome:
        return DECIDED
    return SHORTLISTED if idea.shortlisted else OPEN


def _votes(campaign: Campaign, data: CampaignIn, people: Ids, ideas: Ids, step: Step) -> None:
    told = step("votes", len(data.votes))
    rows = (
        {
            "campaign_id": campaign.id,
            "idea_id": ideas[vote.idea],
            "voter_id": people[vote.voter],
            "value": vote.value,
            "surface": "import",
            "cast_at": vote.cast,
        }
        for vote in data.votes
    )
    bulk.insert(Vote, rows, told)
    bulk.insert(Ballot, _ballots(campaign, data, people))


def _ballots(campaign: Campaign, data: CampaignIn, people: Ids) -> Iterator[dict[str, Any]]:
    answers: Counter[str] = Counter()
    goods: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for vote in data.votes:
        answers[vote.voter] += 1
        goods[vote.voter] += vote.value > 0
        last[vote.voter] = max(vote.cast, last.get(vote.voter, vote.cast))
    for voter, count in answers.items():
        yield {
            "campaign_id": campaign.id,
            "person_id": people[voter],
            "goods": goods[voter],
            "answers": count,
            "changed_at": last[voter],
        }


def _tallies(campaign: Campaign, data: CampaignIn, ideas: Ids) -> None:
    by_idea: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for vote in data.votes:
        by_idea[vote.idea][vote.value] += 1
    comments = Counter(comment.idea for comment in data.comments)
    builds = Counter(link.older for link in data.links)
    rows = (
        {
            "idea_id": idea_id,
            "campaign_id": campaign.id,
            "agrees": by_idea[ref][1],
            "passes": by_idea[ref][0],
            "disagrees": by_idea[ref][-1],
            "comments": comments[ref],
            "builds": builds[ref],
        }
        for ref, idea_id in ideas.items()
    )
    bulk.insert(IdeaTally, rows)


def _talk(data: CampaignIn, people: Ids, ideas: Ids, step: Step) -> None:
    rows = (
        {
            "idea_id": ideas[comment.idea],
            "author_id": people[comment.author],
            "body": comment.body,
            "body_html": render(comment.body),
            "created_at": comment.sent,
            "source_ref": comment.ref,
        }
        for comment in data.comments
    )
    bulk.insert(Comment, rows, step("comments", len(data.comments)))


def write_links(campaigns: list[CampaignIn]) -> None:
    """Citations, once all campaigns are in: an idea may build on one of another campaign."""
    wanted = [link for data in campaigns for link in data.links]
    if not wanted:
        return
    sources = [data.source for data in campaigns]
    query = select(Idea.source_ref, Idea.id).join(Campaign).where(Campaign.source.in_(sources))
    ids = {str(ref): idea_id for ref, idea_id in db.session.execute(query)}
    pairs = {(ids[link.newer], ids[link.older]) for link in wanted}
    bulk.insert(IdeaLink, ({"from_id": new, "to_id": old, "kind": "builds_on"} for new, old in sorted(pairs)))


def _letters(campaign: Campaign, data: CampaignIn, ideas: Ids, sponsor: Person | None) -> None:
    """The source's reasons as letters. Signed by the sponsor, or by a person who stands for the source."""
    decided = [idea for idea in data.ideas if idea.outcome]
    if not decided:
        return
    signer = sponsor or _source_person(data)
    rows = (
        {
            "idea_id": ideas[idea.ref],
            "outcome": idea.outcome,
            "reason": idea.reason,
            "signer_id": signer.id,
            "sent_at": data.ended or clock.now(),
        }
        for idea in decided
    )
    bulk.insert(Letter, rows)


def _source_person(data: CampaignIn) -> Person:
    query = select(Person).where(Person.source == data.people_source, Person.source_ref == "sponsor")
    person = db.session.scalar(query)
    if person is None:
        name = f"Sponsor ({data.people_source})"
        person = Person(name=name, source=data.people_source, source_ref="sponsor", active=False)
        db.session.add(person)
        db.session.flush()
    return person
