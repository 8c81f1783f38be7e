"""The HTTP server: waitress, with a thread for each live stream and eight for everything else."""

from flask import Flask
from waitress.server import create_server

from comptoir.settings import Settings
from comptoir.web.services import EXTENSION, Services

THREADS_BESIDE_STREAMS = 8
CONNECTIONS_PER_STREAM = 4
CHANNEL_TIMEOUT_S = 60


class Server:
    """Serves the till until ``stop``; the port is bound when it is made."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        services: Services = app.extensions[EXTENSION]
        self._changes = services.changes
        streams = settings.sse_streams_max
        self._waitress = create_server(
            app,
            host=settings.http_host,
            port=settings.http_port,
            threads=streams + THREADS_BESIDE_STREAMS,
            connection_limit=CONNECTIONS_PER_STREAM * (streams + THREADS_BESIDE_STREAMS),
            channel_timeout=CHANNEL_TIMEOUT_S,
            clear_untrusted_proxy_headers=True,
            ident="",
        )
        self.port = int(self._waitress.effective_port)
        self._stopping = False

    def run(self) -> None:
        """Serve until ``stop`` is called from another thread, or the process is told to end."""
        while not self._stopping:
            self._waitress.asyncore.loop(timeout=1, map=self._waitress._map, count=1)  # noqa: SLF001 - its own run() can't be stopped from a thread
        self._waitress.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        self._waitress.asyncore.close_all(self._waitress._map)  # noqa: SLF001 - as above

    def stop(self) -> None:
        """End the streams and let ``run`` return."""
        self._stopping = True
        self._changes.close()
        self._waitress.pull_trigger()
