"""Files of people: what they are is read from their bytes, what they tell of their maker is left behind."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image

from ideabox.files import FileFault, clean_name, look_into, path_of, store


@pytest.fixture(autouse=True)
def request_context(app: Any) -> Any:
    with app.test_request_context():
        yield


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, form, **more)
    return out.getvalue()


def office(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_a_photo_loses_place_and_camera_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = 6, "SecretCamera", "Ada Lindqvist"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    safe = look_into(picture(exif=exif.tobytes()), "photo.JPG")
    assert (safe.content_type, safe.width, safe.height) == ("image/jpeg", 40, 60)
    assert b"SecretCamera" not in safe.data
    assert b"Lindqvist" not in safe.data
    assert not Image.open(io.BytesIO(safe.data)).getexif()


def test_a_png_loses_its_texts() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Ada Lindqvist")
    assert b"Lindqvist" not in look_into(picture("PNG", pnginfo=info), "a.png").data


@pytest.mark.parametrize(("form", "name", "kept"), [("GIF", "a.gif", "image/png"), ("WEBP", "a.webp", "image/webp")])
def test_other_pictures_are_drawn_anew(form: str, name: str, kept: str) -> None:
    assert look_into(picture(form), name).content_type == kept


def test_a_large_picture_is_brought_down() -> None:
    safe = look_into(picture("PNG", (4000, 1000)), "wide.png")
    assert (safe.width, safe.height) == (2000, 500)


def huge_png(side: int) -> bytes:
    """A picture of side x side pixels that is a few bytes long."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


BOMB = office({"word/document.xml": b"\0" * 60_000_000})
LINK = io.BytesIO()
with zipfile.ZipFile(LINK, "w") as packed_link:
    entry = zipfile.ZipInfo("word/document.xml")
    entry.external_attr = 0o120777 << 16
    packed_link.writestr(entry, "/etc/passwd")
WRONG = {
    "script behind a picture's name": (b"<script>alert(1)</script>", "a.png"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.svg"),
    "svg behind a picture's name": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.jpg"),
    "html": (b"<html>", "a.html"),
    "program": (b"MZ\x90", "a.exe"),
    "two suffixes": (b"MZ\x90", "a.png.exe"),
    "reversed suffix": (b"MZ\x90", "a\u202egnp.exe"),
    "empty": (b"", "a.png"),
    "cut picture": (picture("PNG", (300, 300))[:80], "a.png"),
    "huge picture": (huge_png(30_000), "a.png"),
    "pdf by name only": (b"hello", "a.pdf"),
    "cut pdf": (b"%PDF-1.7 and nothing", "a.pdf"),
    "zip by name only": (b"PK\x03\x04rubbish", "a.docx"),
    "zip bomb": (BOMB, "a.docx"),
    "ten thousand entries": (office({f"word/{n}": b"" for n in range(10_000)}), "a.docx"),
    "leads out": (office({"word/document.xml": b"<a/>", "../../evil": b"x"}), "a.docx"),
    "absolute": (office({"word/document.xml": b"<a/>", "/etc/x": b"x"}), "a.docx"),
    "link": (LINK.getvalue(), "a.docx"),
    "macros": (office({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"x"}), "a.docx"),
    "another office type": (office({"xl/workbook.xml": b"<a/>"}), "a.docx"),
    "text in another encoding": ("é".encode("cp1252"), "a.txt"),
    "bytes as text": (b"a\0b", "a.csv"),
    "no suffix": (b"hello", "README"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_what_it_says_is_refused_with_its_name(case: str) -> None:
    data, name = WRONG[case]
    with pytest.raises(FileFault) as told:
        look_into(data, name)
    assert clean_name(name) in str(told.value) or "unpacks" in str(told.value)


def test_an_office_file_forgets_its_author_and_still_opens() -> None:
    root = b'<cp:coreProperties xmlns:cp="c" xmlns:dc="d"'
    core = b'<?xml version="1.0"?>' + root + b"><dc:creator>Ada</dc:creator></cp:coreProperties>"
    given = office({"word/document.xml": b"<w/>", "docProps/core.xml": core, "[Content_Types].xml": b"<Types/>"})
    safe = look_into(given, "plan.docx")
    with zipfile.ZipFile(io.BytesIO(safe.data)) as packed:
        assert packed.read("word/document.xml") == b"<w/>"
        assert b"Ada" not in packed.read("docProps/core.xml")
        assert packed.read("docProps/core.xml").endswith(root + b"/>")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\plan.docx", "plan.docx"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
        ("\0\n.txt", "file.txt"),
        ("", "file"),
    ],
)
def test_names_are_only_for_showing(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_bytes_lie_in_our_folder_under_our_name(app: Any) -> None:
    store("abcdefghjkmnpq", b"bytes")
    path = path_of("abcdefghjkmnpq")
    assert path.read_bytes() == b"bytes"
    assert path.is_relative_to(app.extensions["ideabox"]["settings"].data_dir)
    assert not list(path.parent.glob("*.part"))


def test_a_photo_loses_its_remark_and_its_colour_profile() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"Ada Lindqvist"
    for form, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        remark = {"comment": b"made by Ada Lindqvist"} if form == "JPEG" else {}
        given = picture(form, icc_profile=profile, **remark)
        assert Image.open(io.BytesIO(given)).info.get("icc_profile") == profile
        kept = look_into(given, name).data
        assert b"Lindqvist" not in kept and "icc_profile" not in Image.open(io.BytesIO(kept)).info


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "gif", "docx", "xlsx"])
def test_a_broken_file_is_refused_whatever_its_decoder_ends_in(kind: str) -> None:
    """Each byte of a small file turned over, and the file cut at each place: taken or refused, never an error."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    forms = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
    if kind in forms:
        whole = picture(forms[kind], (8, 8), **({} if kind == "gif" else {"exif": exif.tobytes()}))
    else:
        part = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
        whole = office({"[Content_Types].xml": b"<Types/>", part: b"<document>words</document>" * 9})
    refused = 0
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        turned = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        for broken in (turned, whole[:at]):
            try:
                look_into(broken, f"a.{kind}")
            except FileFault:
                refused += 1
    assert refused > 20


def test_a_file_does_not_tell_when_it_came(app: Any) -> None:
    from ideabox.files import serve
    from ideabox.ids import new_uid

    uid = new_uid()
    store(uid, picture())
    answer = serve(uid, name="a.jpg", content_type="image/jpeg", kind="image")
    assert "Last-Modified" not in answer.headers and answer.headers["ETag"] == f'"{uid}"'
