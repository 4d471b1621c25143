"""Files of people: looked into before they stay, stored under our own names, served so that nothing in them runs."""

from __future__ import annotations

import io
import lzma
import os
import stat
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, send_file
from flask_babel import gettext as _

from ideabox import pdf_traces, traces

if TYPE_CHECKING:
    from PIL import Image

IMAGE, FILE = "image", "file"
#: What unpacking a broken or hostile archive ends in.
UNREADABLE: tuple[type[Exception], ...] = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
UNREADABLE += (NotImplementedError, RuntimeError, ValueError)
MAX_PIXELS = 50_000_000
MAX_SIDE = 2000
MAX_ENTRIES = 2000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
MAX_DEPTH = 2
MAX_NAME = 120
IMAGE_FORMATS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}
IMAGE_SUFFIXES = {"png", "jpg", "jpeg", "webp", "gif"}
TEXT_TYPES = {"txt": "text/plain", "md": "text/markdown", "csv": "text/csv"}
OFFICE = "application/vnd.openxmlformats-officedocument"
OFFICE_TYPES = {
    "docx": (f"{OFFICE}.wordprocessingml.document", "word/"),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", "xl/"),
    "pptx": (f"{OFFICE}.presentationml.presentation", "ppt/"),
    "odt": ("application/vnd.oasis.opendocument.text", "content.xml"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", "content.xml"),
}
ACCEPTED = sorted(IMAGE_SUFFIXES | set(TEXT_TYPES) | set(OFFICE_TYPES) | {"pdf"})


class FileFault(Exception):
    """A file that is not taken; the message says what is wrong and how to mend it."""


@dataclass(frozen=True)
class SafeFile:
    """A file that was looked into: what is kept of it, and what it is."""

    name: str
    kind: str
    content_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


def look_into(data: bytes, name: str) -> SafeFile:
    """Check a file by its bytes, strip what it tells about its maker. Raises FileFault."""
    name = clean_name(name)
    suffix = name.rpartition(".")[2].lower()
    if not data:
        raise FileFault(_("%(name)s is empty.", name=name))
    if suffix in IMAGE_SUFFIXES:
        return _image(data, name)
    if suffix in OFFICE_TYPES:
        return _office(data, name, suffix)
    if suffix in TEXT_TYPES:
        return _text(data, name, suffix)
    if suffix == "pdf":
        return _pdf(data, name)
    kinds = ", ".join(ACCEPTED)
    raise FileFault(_("%(name)s is of a kind we do not take. These can be added: %(kinds)s.", name=name, kinds=kinds))


def clean_name(given: str) -> str:
    """The last part of a name, without what hides or reverses; for showing only, never for a path of ours."""
    last = PurePosixPath(given.replace("\\", "/")).name
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    stem, dot, suffix = kept.strip().rpartition(".")
    if not dot:
        return kept.strip()[:MAX_NAME] or "file"
    return f"{stem[: MAX_NAME - len(suffix) - 1] or 'file'}.{suffix[:10]}"


def _wrong(name: str) -> FileFault:
    return FileFault(
        _("%(name)s is not what its name says, or it is damaged. Save it again and try once more.", name=name)
    )


def _image(data: bytes, name: str) -> SafeFile:
    """Drawn anew from its pixels: place, camera and author stay behind; larger sides are brought down to 2000."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
                _check_pixels(opened, name)
                opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
                picture = ImageOps.exif_transpose(opened)
                return _drawn_anew(picture, opened.format or "PNG", name)
    except FileFault:
        raise
    except Exception:
        # Broken pictures end in whatever their decoder ends in: struct.error, TypeError, its own bomb warnings.
        raise _wrong(name) from None


def _check_pixels(picture: Image.Image, name: str) -> None:
    # Known from the head of the file, before a single pixel is unpacked.
    if picture.width * picture.height > MAX_PIXELS:
        raise FileFault(_("%(name)s has more than 50 million pixels. Make it smaller and add it again.", name=name))


def _drawn_anew(picture: Image.Image, form: str, name: str) -> SafeFile:
    form = form if form in IMAGE_FORMATS else "PNG"
    picture = picture.convert("RGB" if form == "JPEG" else "RGBA" if "A" in picture.getbands() else "RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    # Remarks and colour profiles would be saved along; profiles of scanners and screens name their owner.
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, form, **({"quality": 85} if form != "PNG" else {"optimize": False}))
    content_type, suffix = IMAGE_FORMATS[form]
    shown = f"{name.rpartition('.')[0]}.{suffix}"
    return SafeFile(shown, IMAGE, content_type, out.getvalue(), picture.width, picture.height)


def _text(data: bytes, name: str, suffix: str) -> SafeFile:
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileFault(_('%(name)s is not UTF-8 text. Save it as "UTF-8" and add it again.', name=name)) from None
    if "\0" in words:
        raise _wrong(name)
    return SafeFile(name, FILE, TEXT_TYPES[suffix], words.encode())


def _pdf(data: bytes, name: str) -> SafeFile:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise _wrong(name)
    try:
        return SafeFile(name, FILE, "application/pdf", pdf_traces.blanked(data))
    except pdf_traces.Kept:
        told = _(
            "%(name)s may name its author in a place that cannot be emptied: it is locked, signed or packed. "
            "Print it to PDF again without an author, and add the new file.",
            name=name,
        )
        raise FileFault(told) from None


def _office(data: bytes, name: str, suffix: str) -> SafeFile:
    content_type, must_have = OFFICE_TYPES[suffix]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_entries(packed, name, must_have)
            return SafeFile(name, FILE, content_type, _without_traces(packed, _Room()))
    except UNREADABLE:
        raise _wrong(name) from None


def _check_entries(packed: zipfile.ZipFile, name: str, must_have: str) -> None:
    """All from the table of contents, before anything is unpacked."""
    entries = packed.infolist()
    sizes = [(entry.file_size, entry.compress_size) for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(size for size, _packed in sizes) > MAX_UNPACKED:
        raise FileFault(_("%(name)s unpacks to too much. Save a smaller copy and add it again.", name=name))
    if any(size > MAX_RATIO * max(small, 1) and size > 1_000_000 for size, small in sizes):
        raise FileFault(_("%(name)s unpacks to too much. Save a smaller copy and add it again.", name=name))
    if any(_leads_out(entry) for entry in entries) or not any(e.filename.startswith(must_have) for e in entries):
        raise _wrong(name)
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        raise FileFault(_("%(name)s holds macros. Save it without them and add it again.", name=name))


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16)


class _Room:
    """What may still be unpacked, of a file and of those inside it: their tables of contents may lie about sizes."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def read(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        with packed.open(entry) as stream:
            content = stream.read(self.left + 1)
        if len(content) > self.left:
            raise FileFault(
                _("%(name)s unpacks to too much. Save a smaller copy and add it again.", name=entry.filename)
            )
        self.left -= len(content)
        return content


def _without_traces(packed: zipfile.ZipFile, room: _Room, depth: int = 0) -> bytes:
    """The same parts, none of which says who made it. ValueError when one cannot be read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for entry in packed.infolist():
            content = room.read(packed, entry)
            content = _inner(content, entry.filename, room, depth) or traces.cleaned(entry.filename, content)
            plain = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            clean.writestr(plain, content)
    return out.getvalue()


def _inner(content: bytes, name: str, room: _Room, depth: int) -> bytes:
    """An office file inside another, as the table behind a chart is, cleaned likewise; empty when it is none."""
    if name.rpartition(".")[2].lower() not in OFFICE_TYPES or not zipfile.is_zipfile(io.BytesIO(content)):
        return b""
    if depth >= MAX_DEPTH:
        raise ValueError("office files in office files in office files")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        _check_entries(packed, name, "")
        return _without_traces(packed, room, depth + 1)


def folder() -> Path:
    return Path(current_app.extensions["ideabox"]["settings"].data_dir) / "files"


def path_of(uid: str) -> Path:
    """Where the bytes of an attachment lie: by our own name, spread over folders."""
    return folder() / uid[:2] / uid


def store(uid: str, data: bytes) -> None:
    """Write the bytes: first beside, then into place, so that a crash leaves no half file."""
    path = path_of(uid)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def remove(uid: str) -> None:
    path_of(uid).unlink(missing_ok=True)


def serve(uid: str, *, name: str, content_type: str, kind: str) -> Response:
    """Hand a file out with the type we found, never one the browser guesses; all but pictures as a download."""
    answer: Any = send_file(
        path_of(uid),
        mimetype=content_type,
        as_attachment=kind != IMAGE,
        download_name=name,
        conditional=True,
        max_age=0,
        # The moment of upload would tell when the author of a sealed idea was at work.
        etag=uid,
        last_modified=None,
    )
    answer.headers.pop("Last-Modified", None)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
