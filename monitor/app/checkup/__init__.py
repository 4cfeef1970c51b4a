"""`monitor doctor`: what is wrong with the place where the service lives, and what to do. Changes nothing."""

from monitor.app.checkup.checks import Check, CheckState, examine_all

__all__ = ["Check", "CheckState", "examine_all"]
