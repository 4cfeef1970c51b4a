"""Fixtures of the demo's tests."""

from tests.demo.visitor import visitor

__all__ = ["visitor"]
