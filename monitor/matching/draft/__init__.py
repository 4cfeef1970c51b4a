"""A watch drafted from a name or from words: what newspapers call somebody, how they tell of something."""
