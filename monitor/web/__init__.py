"""The web page, health and metrics over HTTP."""

from monitor.web.health import Health, Loop, judge
from monitor.web.metrics import DelayPart, Metrics, WorkerFigures
from monitor.web.pulse import Pulse
from monitor.web.server import serve
from monitor.web.site import Site

__all__ = ["DelayPart", "Health", "Loop", "Metrics", "Pulse", "Site", "WorkerFigures", "judge", "serve"]
