"""Fixtures of the config's tests."""

from tests.config.folder import write

__all__ = ["write"]
