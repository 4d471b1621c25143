"""What office files and photos say of their makers inside their parts, taken out without changing what one reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

#: Parts that hold nothing but traces: their root is kept, empty.
EMPTIED = ("docProps/", "customXml/", "_xmlsignatures/", "META-INF/documentsignatures.xml", "word/people.xml")
MARKUP = (".xml", ".rels", ".vml", ".rdf")
EMPTY_XML = b'<?xml version="1.0" encoding="UTF-8"?><%s/>'
#: A tag from its name to its end; ">" may stand inside a value.
TAG = re.compile(rb"""<[A-Za-z_](?:[^<>"']|"[^"]*"|'[^']*')*>""")
VALUE = rb"""\s*=\s*(?:"[^"]*"|'[^']*')"""
#: Who wrote or changed a passage (Word), joined a document (Excel) or is known to the company's directory.
PERSONAL = re.compile(rb"(?<=[\s:])(author|initials|userId|userName)" + VALUE)
#: In these parts alone, plain names of attributes are those of people.
PEOPLE = {
    "ppt/commentAuthors": re.compile(rb"(?<=[\s:])(name)" + VALUE),
    "ppt/authors": re.compile(rb"(?<=[\s:])(name)" + VALUE),
    "ppt/changesInfos/": re.compile(rb"(?<=[\s:])(name)" + VALUE),
    "xl/revisions/userNames": re.compile(rb"(?<=[\s:])(name)" + VALUE),
    "xl/persons/": re.compile(rb"(?<=[\s:])(displayName)" + VALUE),
}
#: A path through the maker's own folder, which bears the maker's name, up to its last part. Bounded, lest it take long.
OWN_PATH = re.compile(
    rb"""(["'])(?:file:|[A-Za-z]:|\\\\|(?=/))[^"'<>]{0,500}?[\\/](?:Users|Documents and Settings|home)[\\/]"""
    rb"""[^"'<>]{0,500}[\\/](?=[^\\/"'<>]{0,500}\1)""",
    re.IGNORECASE,
)
#: Elements whose text is a name: of a note in Excel, of a change or a note in OpenDocument, of an author's field.
NAMES = rb"author|creator|initial-creator|creator-initials|lastModifiedBy|printed-by|author-name|author-initials"
NAMED = re.compile(rb"(<((?:[\w.-]+:)?(?:" + NAMES + rb"|sender-[a-z-]+))(?:\s[^<>]*)?>)([^<]+)(?=</\2\s*>)")
#: Segments of a JPEG that hold camera and place (Exif), the author (IPTC), and both (XMP).
SEGMENT = re.compile(rb"\xff[\xe1\xed](..)(?:Exif\0\0|Photoshop 3\.0\0)", re.DOTALL)
XMP = (b"x:xmpmeta", b"rdf:RDF")
#: How Excel opens a note: the author's name and a colon.
SIGNED = re.compile(rb">([^<>:]{1,200}):")


def cleaned(path: str, content: bytes) -> bytes:
    """A part of an office file as it may stay. ValueError when it is markup that cannot be read."""
    if path.lower().endswith((".jpg", ".jpeg")):
        return without_place(content)
    if not path.lower().endswith(MARKUP):
        return content
    if path.startswith(EMPTIED) or PurePosixPath(path).name == "meta.xml":
        return _emptied(content)
    return _markup(path, _one_byte(content))


def without_place(content: bytes) -> bytes:
    """The same bytes, as many, in which the segments of a JPEG that tell place, camera and author are blank."""
    found = bytearray(content)
    for start, end in (place for name in XMP for place in _between(content, name)):
        found[start:end] = b" " * (end - start)
    for segment in SEGMENT.finditer(content):
        start, end = segment.start() + 4, segment.start() + 2 + int.from_bytes(segment[1])
        found[start : min(end, len(found))] = bytes(min(end, len(found)) - start)
    return bytes(found)


def _between(content: bytes, name: bytes) -> Iterator[tuple[int, int]]:
    """Where elements of a name stand, from tag to tag."""
    # By hand: a pattern would go on to the end of the file for each one that was left open.
    end = 0
    while (start := content.find(b"<" + name, end)) >= 0 and (close := content.find(b"</" + name + b">", start)) >= 0:
        end = close + len(name) + 3
        yield start, end


def _emptied(content: bytes) -> bytes:
    """The same root element without anything in it, so that office programs still open the file."""
    start = content.find(b"<", content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0)
    end = content.find(b">", start)
    if start < 0 or end < 0:
        return b""
    return EMPTY_XML % content[start + 1 : end].rstrip(b"/")


def _one_byte(content: bytes) -> bytes:
    """Markup in UTF-16, which office programs may read too, as UTF-8. ValueError for anything wider."""
    if b"\0" not in content:
        return content
    words = content.decode("utf-16")
    if "\0" in words:
        raise ValueError("markup in an encoding that office files do not have")
    return re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', words).encode()


def _markup(path: str, content: bytes) -> bytes:
    """Markup in which attributes and elements that name people are empty, and paths of their machine short."""
    patterns = [PERSONAL, *(pattern for start, pattern in PEOPLE.items() if path.startswith(start))]
    # Most parts hold none of this, and a sheet can be long: look before going through it tag by tag.
    if OWN_PATH.search(content) or any(pattern.search(content) for pattern in patterns):
        content = TAG.sub(lambda tag: _tag(tag[0], patterns), content)
    names = {found[3] for found in NAMED.finditer(content)}
    return _unsigned(path, NAMED.sub(rb"\1", content), names)


def _tag(tag: bytes, patterns: list[re.Pattern[bytes]]) -> bytes:
    for pattern in patterns:
        tag = pattern.sub(rb'\1=""', tag)
    return OWN_PATH.sub(rb"\1", tag)


def _unsigned(path: str, content: bytes, names: set[bytes]) -> bytes:
    """Excel writes the author's name once more, as the first words of the note."""
    if not path.startswith("xl/comments"):
        return content
    return SIGNED.sub(lambda found: b">" if found[1] in names else found[0], content)
