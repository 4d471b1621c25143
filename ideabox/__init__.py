"""Ideabox: campaigns, ideas, votes, a ranked shortlist and an answer to each author."""
