"""Do it: each opens with its rule, changes rows, records the event, and leaves the commit to its caller."""
