"""Campaigns from elsewhere: each source is read whole and checked, then written in one transaction."""
