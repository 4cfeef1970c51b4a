"""A story in a few sentences."""
