"""Extractive summaries against human ones."""
