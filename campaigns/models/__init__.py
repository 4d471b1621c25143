"""Stored: the sponsor's team's own work, which the crowd never sees."""
