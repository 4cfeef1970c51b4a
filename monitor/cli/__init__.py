"""Commands: what is typed."""
