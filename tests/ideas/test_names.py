"""Two worlds that differ in who wrote a sealed idea: nobody else can tell them apart, on any page."""

from __future__ import annotations

import io
import random
import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from ideabox import queue
from ideabox.ideas.actions.vote_counts import count_votes
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from tests import factories as make
from tests.services.forms import read_forms, submit

MOMENT = "2026-06-01T10:00:00+00:00"
CHANGING = (
    re.compile(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*" *name="csrf_token"'),
    re.compile(r'<meta name="csrf-token" content="[^"]*">'),
    re.compile(r'nonce="[^"]*"'),
    re.compile(r'name="client_key"[^>]*value="[^"]*"'),
    re.compile(r'name="draft"[^>]*value="[^"]*"'),
)
NAMES = ("Kim Larsen", "Fatou Diallo")


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Random ids drawn from a seed, so that two worlds get the same ones."""

    def seed() -> None:
        chance = random.Random(5)
        monkeypatch.setattr(secrets, "choice", chance.choice)
        monkeypatch.setattr(secrets, "randbelow", chance.randrange)
        monkeypatch.setattr(secrets, "token_urlsafe", lambda size=32: f"{chance.getrandbits(8 * size):x}")

    return seed


class World:
    """A company in which one of two people wrote the sealed idea; both do all else alike."""

    def __init__(self, sign_in: Any, db: Any, author: int) -> None:
        self.sign_in, self.db = sign_in, db
        make._numbers = iter(range(1, 10_000))
        make.make_organisation()
        unit = make.make_unit("Packing")
        self.writers = [make.make_person(name, unit=unit) for name in NAMES]
        sponsor = make.make_person("Remi Okoye")
        self.others = {
            "employee": make.make_person("Em Ployee", unit=unit),
            "sponsor": sponsor,
            "moderator": make.make_person("Mo Derator", roles=["moderator"]),
            "leader": make.make_person("Lea Der", roles=["leadership"]),
            "admin": make.make_person("Ad Min", roles=["admin"]),
            "talent": make.make_person("Tal Ent", roles=["talent"]),
        }
        self.campaign = make.make_campaign("What does the night shift burn?", sponsor=sponsor)
        make.make_idea(self.campaign, self.writers[0], title="Kim's open idea")
        make.make_idea(self.campaign, self.writers[1], title="Fatou's open idea")
        self.author = self.writers[author]
        self.clients = [sign_in(person) for person in self.writers]
        self._write(self.clients[author])

    def _write(self, client: Any) -> None:
        address = f"/ideas/new?campaign={self.campaign.uid}"
        picture = _picture()
        form = next(form for form in read_forms(client.get(address).text) if "title" in form.names)
        fields = form.fields.to_dict() | {
            "title": "Sealed compressors",
            "body": "Shut them at noon.",
            "privacy": "sealed",
        }
        sent = client.post(address, data=fields | {"do": "send", "files": (io.BytesIO(picture), "hall.jpg")})
        assert sent.status_code == 303, sent.text
        self.idea = self.db.session.scalars(make.db.select(Idea).where(Idea.privacy == "sealed")).one()
        employee = self.sign_in(self.others["employee"])
        submit(employee, f"/ideas/{self.idea.uid}", "/follow")
        submit(employee, f"/ideas/{self.idea.uid}", "/comments", body="Would it last?", question="y")
        question = self.db.session.scalars(make.db.select(make.Comment)).one()
        submit(client, f"/ideas/{self.idea.uid}?reply={question.uid}", "/comments", body="The author answers.")
        submit(client, f"/ideas/{self.idea.uid}/edit", "/edit", body="Shut them at noon, all of them.", note="All")
        submit(employee, f"/ideas/{self.idea.uid}/report", "/report", reason="other", words="Please look.")
        queue.work()

    def move(self, phase: str) -> None:
        self.db.session.get(Campaign, self.campaign.id).phase = phase
        self.db.session.commit()

    def pages(self) -> Iterator[tuple[str, str]]:
        """All that anybody but the two writers can read, by role and address, with what changes anyway taken out."""
        for role, person in self.others.items():
            client = self.sign_in(person)
            for address in self._addresses(client):
                answer = client.get(address)
                yield f"{role} {address}", f"{answer.status_code}\n{_plain(answer.data)}"
            looked = client.post("/ideas/near", data=self._asked(client))
            assert self.idea.uid in looked.text
            yield f"{role} near", _plain(looked.data)

    def _asked(self, client: Any) -> dict[str, str]:
        token = read_forms(client.get("/campaigns").text)[0].fields["csrf_token"]
        return {"csrf_token": token, "title": "Shut the compressors at noon", "body": "All of them."}

    def _addresses(self, client: Any) -> list[str]:
        idea, campaign = self.idea.uid, self.campaign.uid
        fixed = [
            f"/ideas/{idea}",
            f"/ideas/{idea}/versions",
            f"/campaigns/{campaign}",
            f"/campaigns/{campaign}?view=list",
        ]
        fixed += [
            f"/campaigns/{campaign}?view=table",
            "/campaigns",
            "/ideas",
            "/ideas?view=list",
            "/",
            "/inbox",
            "/people",
        ]
        fixed += [
            "/moderate",
            "/commands.json",
            "/search?q=compressors",
            "/decide",
            f"/decide/{campaign}",
            f"/panel/{campaign}",
        ]
        fixed += [f"/campaigns/{campaign}/deck", f"/decide/{campaign}/letters/{idea}", "/admin", "/admin/health"]
        fixed += [f"/people/{person.uid}" for person in self.writers]
        links = re.findall(r'href="(/[^"#]*)"', client.get(f"/ideas/{idea}").text)
        links += re.findall(r'src="(/files/[^"]*)"', client.get(f"/ideas/{idea}").text)
        kept = [link for link in links if not link.startswith(("/static", "/help"))]
        return list(dict.fromkeys([*fixed, *(link.replace("&amp;", "&") for link in kept)]))


def _picture() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    image = Image.new("RGB", (40, 30), (200, 80, 20))
    exif = image.getexif()
    exif[0x013B] = "Kim Larsen"
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def _plain(data: bytes) -> str:
    text = data.decode("utf-8", "backslashreplace")
    for pattern in CHANGING:
        text = pattern.sub("", text)
    return text


@pytest.mark.parametrize("phase", ["suggest", "vote", "decide"])
def test_nobody_can_tell_who_wrote_a_sealed_idea(
    phase: str, backend: Any, app: Any, db: Any, sign_in: Any, seeded: Any
) -> None:
    worlds = []
    for author in range(2):
        with time_machine.travel(MOMENT, tick=False):
            seeded()
            db.session.remove()
            backend.clean()
            world = World(sign_in, db, author)
            world.move(phase)
            count_votes()
            db.session.commit()
            pages = dict(world.pages())
            own = world.clients[author].get(f"/ideas/{world.idea.uid}").text
            assert "Sealed compressors" in own and world.author.name in own
            worlds.append(pages)
    first, second = worlds
    assert len(first) > 60 and first.keys() == second.keys()
    assert any("Sealed compressors" in page for page in first.values())
    different = [address for address in first if first[address] != second[address]]
    assert not different, "\n".join(f"{name}: {_first_difference(first[name], second[name])}" for name in different)


def _first_difference(one: str, two: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return f"...{one[max(0, at - 80) : at + 80]!r} against {two[max(0, at - 80) : at + 80]!r}"


def test_a_named_idea_tells_the_two_worlds_apart(app: Any, db: Any, sign_in: Any) -> None:
    """The comparison sees a name where there is one: else the test above would prove nothing."""
    campaign = make.make_campaign()
    idea = make.make_idea(campaign, make.make_person("Kim Larsen"))
    assert "Kim Larsen" in sign_in(make.make_person()).get(f"/ideas/{idea.uid}").text
