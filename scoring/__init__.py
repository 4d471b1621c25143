"""Arrays in, arrays out: how votes become an order that says how sure it is. Knows neither Flask nor the database."""
