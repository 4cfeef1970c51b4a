"""Fixtures of the bot's tests."""

from tests.bot.house import house

__all__ = ["house"]
