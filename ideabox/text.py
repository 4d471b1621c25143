"""Words to stems, in English and French: what makes "dechet emballages" find "Réduire les déchets d'emballage".

The same stems are stored on every database, so that a search has the same hits on each of them. After a change here,
`flask reindex` must be run.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

MAX_STEM = 32
_WORD = re.compile(r"\w+")
_MARKS = re.compile("[\u0300-\u036f]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "_": " "})
_stemmers = threading.local()

#: Words too common to tell ideas apart. Those that mean something in the other language (car, but, comment) stay.
ENGLISH = frozenset(
    """about above after again all also an and any are as at be because been before being below between both by can
    could did do does doing down each every few for from had has have having he her here him his how if in into is it
    its just let like make many more most much must my need new no nor not now of off on once only other our out over
    own same shall she should so some still such than that the their them then there these they this those through to
    too under until up us use very was we well were what when where which while who why will with would you your
    nobody somebody anybody everybody everyone someone anyone nothing something anything one two three four five six
    seven eight nine ten per
    """.split()
)
FRENCH = frozenset(
    """afin ai ainsi alors apres au aucun aussi autre autres aux avant avec avoir beaucoup bien ca ce ceci cela celle
    celles celui cependant ces cet cette ceux chaque chez ci comme dans de depuis des donc dont du elle elles en encore
    entre est et etaient etait etant ete etre eux faire fait faut hors il ils je la le les leur leurs lorsque lui
    mais meme memes mes moi moins mon ne ni nos notre nous on ont ou par parce pas pendant peu peut peuvent plus
    plutot pourquoi pouvoir qu quand que quel quelle quelles quels qui sa sans se selon sera seront ses si sinon soi
    soit sont sous sur ta tandis te tel telle tes toi tous tout toute toutes tres trop tu un une vers voici vos votre
    vous y
    rien quelque quelques chacun chacune deux trois quatre cinq six sept huit neuf dix""".split()
)
_STOP = ENGLISH | FRENCH
_ENGLISH_ONLY, _FRENCH_ONLY = ENGLISH - FRENCH, FRENCH - ENGLISH


def words(text: str) -> list[str]:
    """The words of a text in lower case, accents kept, in order. "d'emballage" is two."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_LIGATURES))


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word without accents: "déchets" is "dechets"."""
    return fold_all(word)


def language(tokens: Iterable[str]) -> str:
    """'en', 'fr', or '' when the common words do not say."""
    folded = [fold(token) for token in tokens]
    english = sum(token in _ENGLISH_ONLY for token in folded)
    french = sum(token in _FRENCH_ONLY for token in folded)
    return "" if english == french else "en" if english > french else "fr"


def tells(word: str) -> bool:
    """Whether a word can tell one idea from another: not common, not a lone letter."""
    return len(word) > 1 and fold(word) not in _STOP


@lru_cache(maxsize=65536)
def stems_of(word: str, lang: str = "") -> tuple[str, ...]:
    """The stems of a word in that language; in both when the language is not known. At most MAX_STEM characters."""
    wanted = (lang,) if lang else ("en", "fr")
    return tuple(dict.fromkeys(fold(_stemmer(each).stemWord(word))[:MAX_STEM] for each in wanted))


def _stemmer(lang: str) -> Any:
    # A stemmer keeps its word in itself while it works: one for each thread.
    if not hasattr(_stemmers, lang):
        name = {"en": "english", "fr": "french"}[lang]
        setattr(_stemmers, lang, snowballstemmer.stemmer(name))
    return getattr(_stemmers, lang)


def stems(text: str, lang: str | None = None) -> Iterator[str]:
    """Stems of the telling words of a text, in order, with repeats. `lang` None: guess it from the text."""
    tokens = words(text)
    lang = language(tokens) if lang is None else lang
    for token in tokens:
        if tells(token):
            yield from stems_of(token, lang)


def trigrams(text: str) -> frozenset[str]:
    """The groups of three letters inside the words of a text, with word ends: near spellings share most of theirs."""
    line = f" {' '.join(words(fold_all(text)))} "
    return frozenset(map("".join, zip(line, line[1:], line[2:], strict=False)))


def fold_all(text: str) -> str:
    """A whole text without accents."""
    return text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text))
