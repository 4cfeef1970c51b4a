"""Story grouping against labelled mornings, and the training of its weights."""
