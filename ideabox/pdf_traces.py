"""What a PDF says of its maker, blanked in its place: as many bytes as before, so that every offset still holds."""

from __future__ import annotations

import re
import zlib

from ideabox.traces import without_place

#: What is unpacked at most to look for names, and how many names may stand elsewhere: more would take long.
MAX_UNPACKED = 50 * 1024 * 1024
MOST_ELSEWHERE = 20
KEYS = rb"/(?:Author|Creator|Company|Manager|LastModifiedBy)"
STRING = rb"(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]*>)"
SAID = re.compile(KEYS + rb"\s*" + STRING, re.DOTALL)
SAID_ELSEWHERE = re.compile(KEYS + rb"\s+(\d{1,9})\s+(\d{1,5})\s+R\b")
#: Something is said, in brackets that are not blank.
LEFT = re.compile(rb"/(?:Author|Company|Manager|LastModifiedBy)\s*(?:\(\s*[^\s)]|<\s*[0-9A-Fa-f])")
#: Who wrote a remark in the margin stands under /T, which is also what a field of a form is called.
REMARK = re.compile(
    rb"/Subtype\s*/(?:Text|FreeText|Line|Square|Circle|Polygon|PolyLine|Highlight|Underline|Squiggly|StrikeOut|Caret"
    rb"|Stamp|Ink|Popup|FileAttachment|Sound|Redact)\b"
)
TITLED = re.compile(rb"/T\s*" + STRING, re.DOTALL)
#: Locked by a password, or signed: its words cannot be read, or not be changed.
CLOSED = re.compile(rb"/Encrypt\b|/ByteRange\b")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
HEAD = 4000
#: Streams that hold objects or a description of the file, and what in them names a person.
LISTED = re.compile(rb"/ObjStm\b|/Metadata\b|/XML\b")
TOLD_INSIDE = re.compile(LEFT.pattern + rb"|/Author\s+\d|dc:creator|:Author\b|:Owner\b|:Manager\b|:Company\b")


class Kept(Exception):
    """The PDF names its maker, or may name its maker, where the name cannot be taken out."""


def blanked(data: bytes) -> bytes:
    """The PDF without author, creator, authors of remarks, XMP and the places of its photos. Raises Kept."""
    if CLOSED.search(data):
        raise Kept
    _look_inside(data)
    data = SAID.sub(_blank, data)
    for number, generation in _elsewhere(data):
        data = _blank_object(data, number, generation)
    data = b"endobj".join(_without_remarker(piece) for piece in data.split(b"endobj"))
    if LEFT.search(data):
        raise Kept
    return without_place(data)


def _blank(found: re.Match[bytes]) -> bytes:
    """Blanks between the same brackets: an empty text, whether it was written in letters or in hex."""
    start, end = found.start(1) - found.start() + 1, found.end(1) - found.start() - 1
    return found[0][:start] + b" " * (end - start) + found[0][end:]


def _elsewhere(data: bytes) -> set[tuple[bytes, bytes]]:
    """Numbers of the objects that hold a name."""
    found = set(SAID_ELSEWHERE.findall(data))
    if len(found) > MOST_ELSEWHERE:
        raise Kept
    return found


def _blank_object(data: bytes, number: bytes, generation: bytes) -> bytes:
    pattern = re.compile(rb"\b%s\s+%s\s+obj\s*" % (number, generation) + STRING, re.DOTALL)
    data, count = pattern.subn(_blank, data)
    if not count:
        raise Kept
    return data


def _without_remarker(piece: bytes) -> bytes:
    return TITLED.sub(_blank, piece) if REMARK.search(piece) else piece


def _look_inside(data: bytes) -> None:
    """Look for names where they are packed and cannot be blanked. Raises Kept."""
    left, before = MAX_UNPACKED, 0
    for found in STREAM.finditer(data):
        head = data[max(before, found.start() - HEAD) : found.start()].rpartition(b"obj")[2]
        before = found.end()
        if not LISTED.search(head) or b"/Filter" not in head:
            continue
        words = _unpacked(data[found.end() : _end_of(data, found.end())], head, left)
        left -= len(words)
        if TOLD_INSIDE.search(words) or (REMARK.search(words) and TITLED.search(words)):
            raise Kept


def _end_of(data: bytes, start: int) -> int:
    end = data.find(b"endstream", start)
    return len(data) if end < 0 else end


def _unpacked(packed: bytes, head: bytes, left: int) -> bytes:
    if b"/FlateDecode" not in head or b"/Predictor" in head or re.search(rb"/Filter\s*\[[^\]]*/[^\]]*/", head):
        raise Kept
    try:
        words = zlib.decompressobj().decompress(packed, left + 1)
    except zlib.error:
        raise Kept from None
    if len(words) > left:
        raise Kept
    return words
