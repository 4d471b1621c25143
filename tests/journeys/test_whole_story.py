"""One campaign as a company lives it, from the first click of its sponsor to a letter its author understands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ideabox import clock, queue
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.answer import Letter, Standing
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import Vote
from tests.factories import make_campaign, make_person, make_unit
from tests.services.forms import submit

QUESTION = "How might we halve what the dye house wastes?"
BRIEF = {
    "question": QUESTION,
    "problem": "We heat 40 m3 of water a night and pour a third of it away.",
    "who_suffers": "The budget of the dye house, and the river.",
    "good_looks_like": "Measured on the meter within six weeks.",
    "in_scope": "Water, heat and air of the dye house.",
    "out_of_bounds": "Fewer people, and product quality.",
    "afterwards": "Four people read each idea.",
    "questions_answered": "",
    "prizes": "The authors show it to the board.",
}
BATH, LIDS, PUMPS = "Reuse the last rinse bath", "Lids on the hot vats", "Stop the pumps at lunch"
BODIES = {
    BATH: "The last rinse bath is almost clean. It could fill the first bath of the next batch.",
    LIDS: "Hot vats stand open all night. Lids of steel cost little and keep the heat in.",
    PUMPS: "Between noon and one no vat is filled, and all pumps run.",
}
SEALED = "Quirina Zabel"
WHY_LIDS = "Both saved heat alike; lids need no outage of the line."
TAKEN_UP = "We take up the rinse bath and the lids on the vats: the meter of the dye house will tell within six weeks."
NOT_THIS = "The pumps keep the seals wet at lunch: dry seals burst when they start again, maintenance found in March."
#: Each of ten voters says best to the bath; half call the lids good, the other half the pumps.
ODD = {BATH: "best", LIDS: "good", PUMPS: "no"}
EVEN = {BATH: "best", LIDS: "no", PUMPS: "good"}
KEYS = {"no": "1", "unsure": "2", "good": "3", "best": "4"}


@dataclass
class Company:
    """The people of the story. `authors` by the title of their idea; the last of them seals hers."""

    remi: Person
    claire: Person
    authors: dict[str, Person]
    colleagues: list[Person]
    doors: dict[str, str] = field(default_factory=dict)

    def others(self) -> Iterator[Person]:
        """Everybody from whom the sealed name is kept."""
        yield from (self.remi, self.claire, self.colleagues[0], self.authors[BATH])


@pytest.fixture
def company(app: Any) -> Company:
    dyeing, finishing = make_unit("Dyeing"), make_unit("Finishing")
    remi = make_person("Remi Okoye", unit=dyeing)
    make_campaign("Anything else?", kind="box", sponsor=remi)
    names = {BATH: "Ada Lindqvist", LIDS: "Noah Brandt", PUMPS: SEALED}
    authors = {title: make_person(name, unit=dyeing) for title, name in names.items()}
    colleagues = [make_person(unit=(dyeing, finishing)[number % 2]) for number in range(10)]
    return Company(remi, make_person("Claire Renard", roles=["leadership"]), authors, colleagues)


@dataclass
class Stage:
    """The ways in which people reach the product: a browser, or their forms alone."""

    page_of: Callable[..., Any]
    sign_in: Callable[..., Any]
    company: Company
    uid: str = ""
    ideas: dict[str, str] = field(default_factory=dict)

    def find(self) -> None:
        """Note the addresses that the story has come to."""
        self.uid = db.session.scalars(select(Campaign.uid).where(Campaign.question == QUESTION)).one()
        self.ideas = {row.title: row.uid for row in db.session.execute(select(Idea.title, Idea.uid))}
        db.session.rollback()

    def phase(self) -> str:
        db.session.rollback()
        found = db.session.scalars(select(Campaign.phase).where(Campaign.uid == self.uid)).one()
        db.session.rollback()
        return found

    def move(self, page: Any, to: str, reason: str) -> None:
        page.goto(f"/panel/{self.uid}/phases")
        page.locator(f"input[name=to][value={to}]").check(force=True)
        page.locator("#reason").fill(reason)
        page.get_by_role("button", name="Move").click()

    def moved(self, page: Any, to: str, said: str, reason: str) -> None:
        """Move by hand, and see it said, recorded and true."""
        self.move(page, to, reason)
        page.get_by_text(f"The campaign is now at: {said}.").first.wait_for()
        assert reason in page.locator("main").inner_text()
        assert self.phase() == to
        work()

    def read(self, person: Person, address: str) -> str:
        answer = self.sign_in(person).get(address, follow_redirects=True)
        assert answer.status_code == 200, (person.name, address, answer.status_code)
        return answer.text

    def no_page_tells_who_sealed(self) -> None:
        """The sealed author's name is in no page that anybody else opens."""
        campaign, idea = f"/campaigns/{self.uid}", f"/ideas/{self.ideas[PUMPS]}"
        pages = ["/", "/inbox", "/campaigns", "/ideas", "/ideas?view=list", idea, f"{idea}/versions"]
        pages += [campaign, f"{campaign}?view=list", f"{campaign}?view=table", f"{campaign}/updates"]
        if self.phase() == "vote":
            pages += [f"{campaign}/deck", f"{campaign}/ballot"]
        for person in self.company.others():
            shown = pages + self._team_pages() * (person in (self.company.remi, self.company.claire))
            for address in shown:
                assert SEALED not in self.read(person, address), (person.name, address)
            assert PUMPS in self.read(person, idea)

    def _team_pages(self) -> list[str]:
        if self.phase() not in ("decide", "closed"):
            return []
        bench = f"/decide/{self.uid}"
        files = [f"{bench}/ranking.csv", f"{bench}/letters.csv"]
        return [bench, f"{bench}?below=0", f"{bench}?idea={self.ideas[PUMPS]}", f"{bench}/letters", *files]


def work() -> None:
    """What happens in the background, until nothing waits."""
    queue.work()
    db.session.rollback()


@pytest.fixture
def stage(page_of: Callable[..., Any], sign_in: Callable[..., Any], company: Company) -> Stage:
    return Stage(page_of, sign_in, company)


def test_a_campaign_from_its_question_to_a_letter_that_is_understood(stage: Stage) -> None:
    remi = stage.page_of(stage.company.remi)
    launch(stage, remi)
    suggest(stage)
    improve(stage, remi)
    vote(stage, remi)
    stage.moved(remi, "decide", "Decide", "Everybody asked has answered.")
    freeze_is_kept(stage)
    choose_at_the_cut(stage)
    confirm(stage, remi)
    answer_all(stage, remi)
    an_author_reads(stage)


def launch(stage: Stage, page: Any) -> None:
    """Remi starts from a template, and cannot launch it as it is."""
    page.goto("/campaigns")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Save energy or material").check(force=True)
    page.get_by_role("button", name="Start the draft").click()
    page.locator("#problem").wait_for()
    assert "[" in page.locator("#problem").input_value()
    assert page.locator("#criterion_1").input_value() == "Saving"
    for name, words in {**BRIEF, "suggest_at": "", "places": "2"}.items():
        page.locator(f"#{name}").fill(words)
    page.locator("#promise_on").fill((clock.today() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Save, then launch").click()
    page.get_by_role("heading", name="What will happen").wait_for()
    page.get_by_role("button", name="Launch").click()
    page.get_by_role("link", name="Suggest an idea").wait_for()
    stage.find()
    assert stage.phase() == "suggest"
    work()


def suggest(stage: Stage) -> None:
    """Three employees write by the composer; the last seals her name."""
    for title, author in stage.company.authors.items():
        page = stage.page_of(author)
        page.goto(f"/campaigns/{stage.uid}")
        page.get_by_role("link", name="Suggest an idea").first.click()
        page.locator("#title").fill(title)
        page.locator("#body").fill(BODIES[title])
        if author.name == SEALED:
            page.get_by_label("Sealed").check(force=True)
        page.get_by_role("button", name="Send").click()
        page.get_by_role("heading", name=title, level=1).wait_for()
        page.context.close()
    stage.find()
    work()
    assert set(stage.ideas) == set(BODIES)
    reader = stage.company.colleagues[0]
    assert "Ada Lindqvist" in stage.read(reader, f"/ideas/{stage.ideas[BATH]}")
    stage.no_page_tells_who_sealed()


def improve(stage: Stage, remi: Any) -> None:
    """No new ideas come; a colleague asks, and the author changes her text."""
    stage.moved(remi, "improve", "Improve", "Three good ideas; let us work on them.")
    reader, ada = stage.company.colleagues[0], stage.company.authors[BATH]
    assert "Suggest an idea" not in stage.read(reader, f"/campaigns/{stage.uid}")
    address = f"/ideas/{stage.ideas[BATH]}"
    asked = submit(stage.sign_in(reader), address, "/comments", body="Is the bath not too warm?")
    assert asked.status_code == 303, asked.text
    work()
    page = stage.page_of(ada)
    page.goto("/inbox")
    assert "Reuse the last rinse bath" in page.locator("main").inner_text()
    page.goto(f"{address}/edit")
    page.locator("#body").fill(f"{BODIES[BATH]} It is at 30 degrees, as the first one must be.")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("It is at 30 degrees").first.wait_for()
    assert "Is the bath not too warm?" in page.locator("main").inner_text()
    page.context.close()


def vote(stage: Stage, remi: Any) -> None:
    """Ten people answer each card: two of them by keys, the others by plain forms. Nobody sees a name or a total."""
    stage.moved(remi, "vote", "Vote", "The texts are ready.")
    stage.no_page_tells_who_sealed()
    first, *_rest = stage.company.colleagues
    for title, author in stage.company.authors.items():
        shown = stage.read(first, f"/ideas/{stage.ideas[title]}")
        assert title in shown and author.name not in shown
    for number, person in enumerate(stage.company.colleagues):
        says = ODD if number % 2 else EVEN
        (vote_by_keys if number < 2 else vote_by_forms)(stage, person, says)
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 30
    db.session.rollback()
    for person in (stage.company.remi, stage.company.claire):
        waiting = stage.read(person, f"/decide/{stage.uid}")
        assert "nobody sees it, you included" in waiting and BATH not in waiting


def vote_by_keys(stage: Stage, person: Person, says: dict[str, str]) -> None:
    page = stage.page_of(person)
    page.goto(f"/campaigns/{stage.uid}")
    page.get_by_role("link", name="Vote deck").first.click()
    for _card in says:
        # Keys answer once the card has said that it was shown.
        page.wait_for_selector(".votes:not(:has(input[name=slot]))")
        title = page.locator("#card-title").inner_text()
        page.keyboard.press(KEYS[says[title]])
        page.wait_for_function("seen => document.querySelector('#main h1')?.innerText !== seen", arg=title)
    page.get_by_text("You have answered every card").first.wait_for()
    page.context.close()


def vote_by_forms(stage: Stage, person: Person, says: dict[str, str]) -> None:
    client, deck = stage.sign_in(person), f"/campaigns/{stage.uid}/deck"
    for _card in says:
        found = re.search(r'id="card-title">([^<]+)<', client.get(deck).text)
        assert found, "the deck ended too early"
        answer = submit(client, deck, "/vote", button=f"choice={says[found[1]]}")
        assert answer.status_code == 303, answer.text
    assert "You have answered every card" in client.get(deck).text


def freeze_is_kept(stage: Stage) -> None:
    standing = db.session.scalars(select(Standing)).one()
    assert standing.frozen and standing.digest
    db.session.rollback()
    assert "called it good" in stage.read(stage.company.colleagues[0], f"/ideas/{stage.ideas[BATH]}")
    assert stage.sign_in(stage.company.colleagues[0]).get(f"/decide/{stage.uid}").status_code in (403, 404)
    stage.no_page_tells_who_sealed()


def choose_at_the_cut(stage: Stage) -> None:
    """Claire sees what is tied, and fills the place left with a reason."""
    page = stage.page_of(stage.company.claire)
    page.goto("/decide")
    page.get_by_role("link", name=QUESTION).first.click()
    table = page.locator(".table-rank")
    assert "The cut runs inside this band." in table.inner_text()
    table.get_by_role("link", name=LIDS).click()
    page.wait_for_selector(f"#why h3 >> text={LIDS}")
    page.locator("#why").get_by_role("button", name="Choose").click()
    page.get_by_text("Say why in a sentence").first.wait_for()
    page.locator("#why textarea[name=reason]").fill(WHY_LIDS)
    page.locator("#why").get_by_role("button", name="Choose").click()
    page.get_by_text("2 chosen").first.wait_for()
    page.get_by_role("link", name=LIDS).first.click()
    page.locator("#why").get_by_text(WHY_LIDS).wait_for()
    page.get_by_text("the sponsor confirms the shortlist").first.wait_for()
    page.context.close()


def confirm(stage: Stage, page: Any) -> None:
    page.goto(f"/decide/{stage.uid}")
    page.locator("summary", has_text="Confirm the shortlist").click()
    page.get_by_role("button", name="Confirm for good").click()
    page.get_by_text("3 ideas wait for their letter").first.wait_for()
    assert "Shortlisted" in stage.read(stage.company.colleagues[0], f"/ideas/{stage.ideas[LIDS]}")


def answer_all(stage: Stage, page: Any) -> None:
    """One letter to two authors; the campaign stays open until the third has hers."""
    for title in (BATH, LIDS):
        page.get_by_label(f"Answer “{title}” together with others").check()
    page.get_by_role("button", name="Answer together").click()
    page.get_by_role("heading", name="One letter to 2 authors").wait_for()
    write(page, "accepted", TAKEN_UP)
    page.get_by_text("1 idea waits for its letter").first.wait_for()
    stage.move(page, "closed", "We have kept our word.")
    page.get_by_text("1 idea has no answer yet. Answer it, then close.").first.wait_for()
    assert stage.phase() == "decide"
    page.goto(f"/decide/{stage.uid}/letters/{stage.ideas[PUMPS]}")
    assert page.locator("h1").inner_text() == "A letter to the author"
    write(page, "not_retained", NOT_THIS)
    page.get_by_text("Every idea has its answer.").first.wait_for()
    work()
    stage.moved(page, "closed", "Closed", "We have kept our word.")
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 3
    db.session.rollback()
    stage.no_page_tells_who_sealed()


def write(page: Any, outcome: str, reason: str) -> None:
    page.locator(f"input[name=outcome][value={outcome}]").check(force=True)
    page.locator("textarea[name=reason]").fill(reason)
    page.get_by_role("button", name="Send, signed").click()


def an_author_reads(stage: Stage) -> None:
    """The sealed author finds her letter, and says that she understands; the team learns that, not who she is."""
    page = stage.page_of(stage.company.authors[PUMPS])
    page.goto("/inbox")
    page.get_by_role("button", name=re.compile(f"^Open: .*{PUMPS}")).first.click()
    page.get_by_text(NOT_THIS).first.wait_for()
    assert "Remi Okoye" in page.locator("main").inner_text()
    page.get_by_role("button", name="I understand why").click()
    page.wait_for_selector("button[aria-pressed=true] >> text=I understand why")
    lines = stage.read(stage.company.remi, f"/decide/{stage.uid}/letters")
    assert "the author understands why" in lines and SEALED not in lines
    ada = stage.read(stage.company.authors[BATH], f"/ideas/{stage.ideas[BATH]}")
    assert "Accepted" in ada and TAKEN_UP in stage.read(stage.company.authors[BATH], letter_about(BATH))


def letter_about(title: str) -> str:
    query = select(Letter.uid).join(Idea, Idea.id == Letter.idea_id).where(Idea.title == title)
    uid = db.session.scalars(query).one()
    db.session.rollback()
    return f"/letters/{uid}"
