"""What only the sponsor's team sees: the panel, shortlist work, decisions, reports."""
