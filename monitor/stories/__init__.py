"""Is it news? Grouping, summaries, quotes, changes."""
