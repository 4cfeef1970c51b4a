"""Does it concern us? Names, offices, queries, and what nobody watches yet."""
