"""Real servers and a real browser for the tests; each is started when first asked for and surely stopped."""
