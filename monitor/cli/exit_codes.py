"""Exit codes of every command, as docs/operations.md tells them."""

DONE = 0
ATTENTION = 1  # done, but something needs a person
WRONG = 2  # wrong use or wrong configuration
INTERRUPTED = 130
