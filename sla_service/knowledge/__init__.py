"""What the shop answers to everybody: articles, found by what people ask, and what none answers."""
