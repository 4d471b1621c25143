"""No file tells who made it: names are gone from every part of an office file and from a PDF, and both still open."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image, PdfParser

from ideabox.files import FileFault, look_into
from tests.ground.test_files import office, picture

NAME = "Ada Lindqvist"
W = 'xmlns:w="w" xmlns:w15="w15"'
WORD = f"""<?xml version="1.0"?><w:document {W}><w:p><w:ins w:id="3" w:author="{NAME}" w:date="2026-01-01">
<w:r><w:t xml:space="preserve">Say author="me" > here</w:t></w:r></w:ins>
<w:del w:author='{NAME}' w:id="4"/></w:p></w:document>"""
NOTES = f'<w:comments {W}><w:comment w:id="0" w:author="{NAME}" w:initials="AdaLi"><w:p/></w:comment></w:comments>'
PEOPLE = f'''<w15:people {W}><w15:person w15:author="{NAME}"><w15:presenceInfo w15:userId="S::ada@x"/>
</w15:person></w15:people>'''
TEMPLATE = r"""<Relationships><Relationship Id="rId1" TargetMode="External" Target="file:///C:\Users\ada.lindqvist\Own.dotx"/>
<Relationship Id="rId2" TargetMode="External" Target="https://example.org/Users/ada.html"/>
<Relationship Id="rId3" TargetMode="External" Target="file:///S:\Shared\plan.docx"/></Relationships>"""
EXIF = Image.Exif()
EXIF[0x013B] = NAME
PARTS = {
    "docx": {
        "word/document.xml": WORD,
        "word/comments.xml": NOTES,
        "word/people.xml": PEOPLE,
        "word/footnotes.xml": NOTES,
        "word/_rels/settings.xml.rels": TEMPLATE,
        "customXml/item1.xml": f"<b:Author>{NAME}</b:Author>",
    },
    "pptx": {
        "ppt/presentation.xml": "<p:presentation/>",
        "ppt/commentAuthors.xml": f'<p:l><p:cmAuthor id="0" name="{NAME}" initials="AdaLi" lastIdx="2"/></p:l>',
        "ppt/authors.xml": f'<p188:l><p188:author id="{{1}}" name="{NAME}" userId="S::ada@x"/></p188:l>',
        "ppt/slides/slide1.xml": '<p:cNvPr id="4" name="Title 1"/>',
    },
    "xlsx": {
        "xl/workbook.xml": r'<book><fileSharing userName="ada"/><x:absPath url="C:\Users\ada.lindqvist\"/></book>',
        "xl/comments1.xml": f"<comments><authors><author>{NAME}</author></authors><commentList><comment authorId='0'>"
        f"<text><r><t>{NAME}:</t></r><r><t>Note: too low</t></r></text></comment></commentList></comments>",
        "xl/persons/person.xml": f'<personList><person displayName="{NAME}" id="{{2}}" userId="ada@x"/></personList>',
        "xl/tables/table1.xml": '<table displayName="Costs" name="Costs"/>',
    },
    "odt": {
        "content.xml": f"<o:c><office:annotation><dc:creator>{NAME}</dc:creator><dc:date>2026</dc:date>"
        "<meta:creator-initials>AdaLi</meta:creator-initials><text:p>Kept</text:p></office:annotation></o:c>",
        "meta.xml": f"<m><meta:initial-creator>{NAME}</meta:initial-creator></m>",
        "Object 1/meta.xml": f"<m><dc:creator>{NAME}</dc:creator></m>",
    },
}
PERSONAL = re.compile(rb"Lindqvist|lindqvist|AdaLi|ada@x|\"ada\"|\bA\0d\0a\0")


@pytest.fixture(autouse=True)
def request_context(app: Any) -> Any:
    with app.test_request_context():
        yield


def cleaned(kind: str, parts: dict[str, Any]) -> dict[str, bytes]:
    """The parts of an office file after it was looked into."""
    given = {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(look_into(office(given), f"plan.{kind}").data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("kind", PARTS)
def test_no_part_of_an_office_file_names_its_author(kind: str) -> None:
    kept = cleaned(kind, PARTS[kind])
    assert kept.keys() == PARTS[kind].keys()
    left = {name: part for name, part in kept.items() if PERSONAL.search(part)}
    assert not left


def test_all_else_in_an_office_file_stays_as_it_was() -> None:
    word, excel = cleaned("docx", PARTS["docx"]), cleaned("xlsx", PARTS["xlsx"])
    assert b'Say author="me" > here' in word["word/document.xml"] and b'w:author=""' in word["word/document.xml"]
    assert word["word/_rels/settings.xml.rels"].count(b"Target=") == 3
    assert b'Target="Own.dotx"' in word["word/_rels/settings.xml.rels"]
    assert b"https://example.org/Users/ada.html" in word["word/_rels/settings.xml.rels"]
    assert rb"file:///S:\Shared\plan.docx" in word["word/_rels/settings.xml.rels"]
    assert b"<t>Note: too low</t>" in excel["xl/comments1.xml"] and b"authorId='0'" in excel["xl/comments1.xml"]
    assert excel["xl/tables/table1.xml"] == PARTS["xlsx"]["xl/tables/table1.xml"].encode()
    assert cleaned("pptx", PARTS["pptx"])["ppt/slides/slide1.xml"] == b'<p:cNvPr id="4" name="Title 1"/>'
    assert b"<text:p>Kept</text:p>" in cleaned("odt", PARTS["odt"])["content.xml"]


def test_markup_in_two_bytes_a_letter_is_read_too() -> None:
    kept = cleaned("docx", {"word/document.xml": WORD.encode("utf-16")})["word/document.xml"]
    assert b"Lindqvist" not in kept and kept.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    with pytest.raises(FileFault):
        look_into(office({"word/document.xml": WORD.encode("utf-32")}), "plan.docx")


def test_files_and_photos_inside_an_office_file_forget_their_author_too() -> None:
    table = {"xl/workbook.xml": b"<a/>", "docProps/core.xml": f"<c><dc:creator>{NAME}</dc:creator></c>".encode()}
    photo = picture(exif=EXIF.tobytes())
    assert NAME.encode() in photo
    kept = cleaned("docx", {"word/document.xml": "<w/>", "word/a.xlsx": office(table), "word/b.jpeg": photo})
    with zipfile.ZipFile(io.BytesIO(kept["word/a.xlsx"])) as inner:
        assert b"Lindqvist" not in inner.read("docProps/core.xml")
    assert NAME.encode() not in kept["word/b.jpeg"] and len(kept["word/b.jpeg"]) == len(photo)
    assert (
        Image.open(io.BytesIO(kept["word/b.jpeg"])).convert("RGB").tobytes()
        == Image.open(io.BytesIO(photo)).convert("RGB").tobytes()
    )


def test_a_damaged_part_is_refused_and_does_not_fail() -> None:
    given = office({"word/document.xml": b"word" * 500})
    start = given.index(b"word/document.xml") + len("word/document.xml")
    with pytest.raises(FileFault):
        look_into(given[:start] + b"\xff" * 8 + given[start + 8 :], "plan.docx")


def printed(**facts: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "orange").save(out, "PDF", exif=EXIF.tobytes(), **facts)
    return out.getvalue()


def test_a_pdf_forgets_its_author_and_still_opens() -> None:
    given = printed(author=f"{NAME} (R&D)", creator="Ada's printer", title="Compressors")
    assert NAME in said_in(given, "Author") and "R&D" in said_in(given, "Author")
    kept = look_into(given, "plan.pdf").data
    assert len(kept) == len(given) and len(PdfParser.PdfParser(buf=kept).pages) == 1
    assert [said_in(kept, key) for key in ("Author", "Creator", "Title")] == ["", "", "Compressors"]


def said_in(data: bytes, key: str) -> str:
    """What the information of a PDF says under a key, as a program that opens PDFs reads it."""
    raw: Any = PdfParser.PdfParser(buf=data).info[key.encode()]
    return PdfParser.decode_text(raw).strip() if isinstance(raw, bytes) else raw.strip()


UTF16 = NAME.encode("utf-16-be")
XMP = f'<?xpacket begin=""?><x:xmpmeta xmlns:x="a"><dc:creator>{NAME}</dc:creator></x:xmpmeta><?xpacket end="w"?>'


@pytest.mark.parametrize(
    "said",
    [
        b"1 0 obj <</Author (Ada \\(R\\) Lindqvist)>> endobj",
        b"1 0 obj <</Author(Ada (R) Lindqvist)/Title (Air)>> endobj",
        b"1 0 obj <</Author (\xfe\xff" + UTF16 + b")>> endobj",
        b"1 0 obj <</Author <FEFF" + UTF16.hex().encode() + b">>> endobj",
        b"1 0 obj <</Author 7 0 R>> endobj 7 0 obj (Ada Lindqvist) endobj",
        b"1 0 obj <</Type /Metadata /Length 9>>\nstream\n" + XMP.encode() + b"\nendstream endobj",
        b"1 0 obj <</Type/Annot/Subtype/Text /T (Ada Lindqvist)/Contents(Too low)>> endobj",
    ],
)
def test_what_lies_open_in_a_pdf_is_blanked_in_its_place(said: bytes) -> None:
    given = b"%PDF-1.7\n" + said + b"\ntrailer\n%%EOF\n"
    kept = look_into(given, "plan.pdf").data
    assert len(kept) == len(given) and kept.count(b"endobj") == given.count(b"endobj")
    assert not any(name in kept for name in (b"Lindqvist", UTF16, UTF16.hex().encode()))


def test_the_fields_of_a_form_keep_their_names() -> None:
    given = b"%PDF-1.7\n1 0 obj <</Subtype/Widget /T (surname)>> endobj\n%%EOF\n"
    assert look_into(given, "form.pdf").data == given


def packed(words: bytes, head: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    return b"2 0 obj <<" + head + b">>\nstream\r\n" + zlib.compress(words) + b"\nendstream endobj"


CLOSED = {
    "in a packed object": packed(b"5 0 <</Author (Ada Lindqvist)>>"),
    "in a packed object by number": packed(b"5 0 <</Author 9 0 R>>"),
    "in a packed description": packed(XMP.encode(), b"/Type/Metadata/Filter/FlateDecode"),
    "of a packed remark": packed(b"5 0 <</Subtype/Popup /T (Ada Lindqvist)>>"),
    "under a password": b"trailer <</Encrypt 9 0 R>>",
    "in a signature": b"3 0 obj <</Type/Sig /ByteRange [0 1 2 3]>> endobj",
    "packed otherwise": packed(b"x", b"/Type /ObjStm /Filter /LZWDecode"),
    "in damage": b"2 0 obj <</Type /ObjStm /Filter /FlateDecode>>\nstream\nnot packed\nendstream endobj",
    "in a bomb": packed(b" " * 60_000_000),
    "nowhere to be found": b"1 0 obj <</Author 7 0 R>> endobj",
    "in brackets in brackets in brackets": b"1 0 obj <</Author (a(b(c)))>> endobj",
}


@pytest.mark.parametrize("where", CLOSED)
def test_a_name_that_cannot_be_taken_out_is_not_taken_in(where: str) -> None:
    with pytest.raises(FileFault, match=r"plan.pdf may name its author .* Print it to PDF again"):
        look_into(b"%PDF-1.7\n" + CLOSED[where] + b"\n%%EOF\n", "plan.pdf")


def test_packed_objects_without_a_name_are_taken() -> None:
    given = b"%PDF-1.7\n" + packed(b"5 0 <</Author ()/Creator (LaTeX)>>") + b"\n%%EOF\n"
    assert look_into(given, "plan.pdf").data == given


@pytest.mark.parametrize(
    "piece",
    [
        b"<rdf:RDF>",
        b"1 0 obj ",
        b"stream\n",
        b"/Author (",
        b"/Author((a)",
        b"/ObjStm/Filter stream\n",
        b"/T (",
        b"<a '",
    ],
)
def test_hostile_repetition_takes_no_time(piece: bytes) -> None:
    many = piece * (2_000_000 // len(piece))
    started = time.monotonic()
    for data, name in ((b"%PDF-" + many + b"%%EOF", "a.pdf"), (office({"word/document.xml": many}, 0), "a.docx")):
        try:
            look_into(data, name)
        except FileFault:
            continue
    assert time.monotonic() - started < 10
