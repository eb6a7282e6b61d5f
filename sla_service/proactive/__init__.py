"""The shop speaks first: events of orders become notices, each told to a shopper at most once."""
