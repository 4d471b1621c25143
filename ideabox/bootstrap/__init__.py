"""What runs before anything is installed: standard library only, so that a fresh clone can start itself."""
