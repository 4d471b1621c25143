"""HTTP only: parse, call one query or action, commit once, render or redirect."""
