"""What a password must be: long, and not the first guess. No rules about signs and digits (NIST SP 800-63B, 3.1.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.verdict import YES, Verdict, no

SHORTEST, LONGEST = 10, 200
#: First guesses of ten characters and more, in English and French; shorter ones are refused for their length.
_GUESSES = frozenset(
    """1234567890 12345678910 123456789a 0123456789 0987654321 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345
    qwerty1234 azertyuiop azerty12345 azerty1234 password12 password123 password1234 password12345 passw0rd123
    motdepasse motdepasse1 motdepasse123 iloveyou123 jetaime123 administrator admin12345 administrateur welcome123
    welcome1234 bienvenue1 bienvenue123 letmein123 changeme123 changeme1234 abcdefghij abcd123456 abc1234567
    ideabox123 ideabox1234 ideaboxideabox""".split()
)


def may_be_password(password: str, *, email: str = "", name: str = "") -> Verdict:
    """Whether somebody of this address and name may choose this password."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return no(_l("At least %(n)d characters. A few words in a row are easy to remember.", n=SHORTEST), status=422)
    if len(password) > LONGEST:
        return no(_l("At most %(n)d characters.", n=LONGEST), status=422)
    if len(set(plain)) < 4 or plain in _GUESSES:
        return no(_l("This password is among the first that are tried. Choose another."), status=422)
    if plain.strip("0123456789!.?-_ ") in _own_words(email, name):
        return no(_l("Your own name or address is the first guess. Choose something else."), status=422)
    return YES


def _own_words(email: str, name: str) -> set[str]:
    parts = [email, email.partition("@")[0], email.partition("@")[2], name, *name.split()]
    parts += ["".join(name.split()), ".".join(name.split())]
    return {part.casefold() for part in parts if part}
