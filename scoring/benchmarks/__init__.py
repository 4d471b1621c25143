"""Yardsticks: each method beside its baseline on real votes, printed by a command."""
