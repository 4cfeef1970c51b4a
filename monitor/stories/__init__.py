"""Is it news? Grouping, summaries, full texts."""
