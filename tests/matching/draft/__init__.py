"""Watches drafted from names and from words."""
