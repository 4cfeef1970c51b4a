"""Health and metrics over loopback HTTP."""
