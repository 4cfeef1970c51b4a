"""Exit codes of every command (contract of the command line)."""

DONE = 0
ATTENTION = 1  # done, but something needs a person
WRONG = 2  # wrong use or wrong configuration
INTERRUPTED = 130
