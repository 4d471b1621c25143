"""The answer of a rule: yes, or no with its reason."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """An action was asked for that its rule does not allow. `reason` is a sentence for the person."""

    def __init__(self, reason: str, *, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True)
class Verdict:
    """True in a boolean sense when allowed; `reason` (translatable) says why not."""

    allowed: bool
    reason: str = ""
    status: int = 403

    def __bool__(self) -> bool:
        return self.allowed

    def enforce(self) -> None:
        """Raise Refused unless allowed. Every action opens with this."""
        if not self.allowed:
            raise Refused(str(self.reason), status=self.status)


YES = Verdict(True)


def no(reason: str, *, status: int = 403) -> Verdict:
    """A refusal; 403 when it is about the person, 409 when it is about the moment."""
    return Verdict(False, reason, status)


class Missing(Exception):
    """There is no such thing for this viewer: absent and hidden answer alike, with 404."""
