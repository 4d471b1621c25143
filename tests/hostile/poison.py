"""One poison in every text that the database holds, as if every check on the way in had failed."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, String, Table, Text, select, update

from ideabox.database import db
from ideabox.markdown import render
from ideabox.notifications.models import Notice

#: Runs a trap if it reaches a page unescaped, in a text, an attribute, a raw element or a template.
POISON = "\"'><img src=x onerror=trap()></title></textarea><script>trap()</script>{{1337*1337}}"
#: What a template that runs data would make of it.
RUN = str(1337 * 1337)
#: Columns that hold our own words, keys or addresses: poison there is not text but another row.
OURS = re.compile(
    r"uid|.*_hash|hash|.*_key|client_key|code|path|lang|timezone|theme|density|phase|stage|kind|klass|role|purpose"
    r"|privacy|outcome|resolution|surface|audience|currency|leading_key|method|digest|band|replays|code_version|stem"
    r"|content_type|request_id|batch|reason_mark|before|after|why|about|to|target|saved_by|source|source_ref|subject"
)


def text_columns(table: Table) -> list[Any]:
    """The columns of a table into which people's words go."""
    words = [column for column in table.columns if isinstance(column.type, String | Text) and not column.foreign_keys]
    named = [column for column in words if not OURS.fullmatch(column.name) and not column.primary_key]
    return [column for column in named if not _checked(table, column.name)]


def _checked(table: Table, name: str) -> bool:
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    return any(re.search(rf"\b{name}\b", str(each.sqltext)) for each in checks)


def spread(text: str) -> int:
    """Write a text into every column of words of every row; commits. Returns how many columns that were."""
    columns = [(table, column) for table in db.metadata.sorted_tables for column in text_columns(table)]
    for table, column in columns:
        if column.name != "email":
            db.session.execute(update(table).values({column.name: _fitting(column, text)}))
    _spread_notices(text)
    people = db.metadata.tables["person"]
    for number in db.session.scalars(select(people.c.id).where(people.c.email.is_not(None))).all():
        # An address must stay one person's own.
        db.session.execute(update(people).where(people.c.id == number).values(email=f"{text}{number}"))
    db.session.commit()
    return len(columns)


def _spread_notices(text: str) -> None:
    """The words of notices lie in their data."""
    for notice in db.session.scalars(select(Notice)):
        notice.data = {**notice.data, "question": text, "excerpt": text}


def _fitting(column: Any, text: str) -> str:
    """As long as the column allows; what is stored as HTML is made by our own renderer."""
    if column.name.endswith("_html"):
        return render(text)
    return text[: column.type.length] if column.type.length else text
