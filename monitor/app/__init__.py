"""Builds, runs, reloads, logs and measures."""
