"""Do it: each opens with its rule, changes rows, records the event; none commits."""
