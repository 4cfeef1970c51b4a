"""One file a step of the way from a feed to a phone; owns the transactions."""
