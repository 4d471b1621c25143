"""What the sponsor's team's rooms bring to the app."""

from __future__ import annotations

from campaigns.models import shortlist  # noqa: F401 - the tables
from ideabox.parts import Part

part = Part(name="campaigns")
