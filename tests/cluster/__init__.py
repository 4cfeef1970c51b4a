"""Several processes on one PostgreSQL, killed and restarted while news flows: what readers and newspapers saw."""
