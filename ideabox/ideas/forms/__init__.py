"""What people type, and how it is checked before a rule sees it."""
