"""Many people at the same moment: real processes, real HTTP, real commits."""
