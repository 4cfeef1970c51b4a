"""Does it concern us? Text, names, queries, matching."""
