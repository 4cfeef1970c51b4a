"""Health and metrics over loopback HTTP."""

from monitor.web.health import Health, Loop, judge
from monitor.web.metrics import DelayPart, Metrics
from monitor.web.pulse import Pulse
from monitor.web.server import serve

__all__ = ["DelayPart", "Health", "Loop", "Metrics", "Pulse", "judge", "serve"]
