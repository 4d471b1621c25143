"""Campaigns, phases, ideas, votes, talk, outcomes: all that the crowd sees and does."""
