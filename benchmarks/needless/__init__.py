"""How many of the messages of one reader were needless."""
