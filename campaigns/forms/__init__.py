"""What the sponsor's team types, and how it is checked before a rule sees it."""
