"""Forms are read as a browser reads them."""

import pytest

from tests.services.forms import read_forms

PAGE = """
<form method="get" action="/search"><input name="q" value="old"></form>
<form method="post" action="/ideas" id="idea">
  <input type="hidden" name="csrf_token" value="t1">
  <textarea name="body">
First line</textarea>
  <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
  <input type="checkbox" name="tags" value="x" checked><input type="checkbox" name="tags" value="y">
  <input name="off" value="1" disabled><input type="file" name="picture">
  <button name="do" value="save">Save</button>
</form>
<input form="idea" name="outside" value="2">
"""


def test_a_form_holds_what_a_browser_would_send() -> None:
    search, idea = read_forms(PAGE)
    assert search.method == "get"
    assert dict(idea.fields.lists()) == {
        "csrf_token": ["t1"], "body": ["First line"], "kind": ["b"], "tags": ["x"], "outside": ["2"],
    }  # fmt: skip
    assert idea.names == {"csrf_token", "body", "kind", "tags", "picture", "outside"}
    assert idea.buttons == [("do", "save", "")]


def test_a_field_that_is_not_there_is_an_error() -> None:
    idea = read_forms(PAGE)[1]
    assert idea.fill({"tags": ["x", "y"]}).getlist("tags") == ["x", "y"]
    with pytest.raises(KeyError, match="no field ghost"):
        idea.fill({"ghost": 1})
