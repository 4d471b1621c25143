"""What campaigns and ideas bring to the app."""

from __future__ import annotations

from sqlalchemy import func, select

from ideabox.accounts.models import Person
from ideabox.accounts.queries import extra_facts, profile_sections
from ideabox.ideas import notices_answers, notices_campaign, notices_ideas
from ideabox.ideas.actions import vote_counts
from ideabox.ideas.importing import command as importing
from ideabox.ideas.jobs import campaign_box, verify
from ideabox.ideas.jobs import campaign_phases as campaign_jobs
from ideabox.ideas.jobs import similar as similar_jobs
from ideabox.ideas.jobs import standing as standing_jobs
from ideabox.ideas.models import answer, idea, talk, term, vote  # noqa: F401 - the tables
from ideabox.ideas.models.campaign import Seat
from ideabox.ideas.queries import campaign_menu, talk_needs
from ideabox.ideas.views import (
    campaigns,
    compose,
    deck,
    files,
    home,
    idea_index,  # noqa: F401 - a page of another's blueprint
    letters,
    moderate,
)
from ideabox.ideas.views import talk as talking
from ideabox.ideas.views.profile import ideas_section
from ideabox.parts import Part

extra_facts["seats"] = (
    select(func.aggregate_strings(Seat.role, ","))
    .where(Seat.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
)

profile_sections["ideas"] = ideas_section

part = Part(
    name="ideas",
    blueprints=(
        home.blueprint,
        campaigns.blueprint,
        deck.blueprint,
        letters.blueprint,
        files.blueprint,
        compose.blueprint,
        talking.blueprint,
        moderate.blueprint,
    ),
    events=(
        "campaign.followed",
        "campaign.phase_moved",
        "campaign.scheduled",
        "campaign.unfollowed",
        "campaign.updated",
        "file.attached",
        "file.detached",
        "idea.voted",
        "standing.frozen",
        *notices_answers.EVENTS,
        *notices_ideas.EVENTS,
    ),
    reactions={
        "campaign.phase_moved": (standing_jobs.freeze_on_close, notices_campaign.tell_of_phase),
        "campaign.updated": (notices_campaign.tell_news,),
        "organisation.founded": (campaign_box.open_box_of_founder,),
        **notices_answers.REACTIONS,
        **notices_ideas.REACTIONS,
    },
    ticks=(campaign_jobs.move_due_phases, vote_counts.count_votes, standing_jobs.keep_standings),
    commands=(verify.verify_command, standing_jobs.standing_command, importing.group, similar_jobs.reindex),
    notices=(*notices_answers.KINDS, *notices_campaign.KINDS, *notices_ideas.KINDS),
    needs=(deck.needs, letters.needs, talk_needs.questions, talk_needs.reports),
    commands_menu=(deck.entries, campaign_menu.entries, talk_needs.entries),
)
