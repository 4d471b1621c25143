"""Later: what follows an event, what is due, what a command asks for. Shallow: actions and queries do the work."""
