"""Stored: campaigns, ideas, votes, talk, answers, standings."""
