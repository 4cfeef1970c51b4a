"""The desks where files of watchlists are changed, as the bot and the page ask them: one function each.

Knows neither of the two.
"""

from monitor.app.edit_desk import EditDesk
from monitor.app.service import Service
from monitor.app.whole_file_desk import WholeFileDesk
from monitor.pipeline.own_child import in_process


def watch_desk(service: Service) -> EditDesk:
    """Where single watches are changed."""
    return EditDesk(service.settings.config_dir, service.store, read_files=service.read_files, clock=service.clock)


def file_desk(service: Service) -> WholeFileDesk:
    """Where files are edited as a whole."""
    return WholeFileDesk(
        service.settings.config_dir,
        in_process(service.settings.database_url),
        in_force=lambda: service.config.watchlist,
        read_files=service.read_files,
        clock=service.clock,
    )
