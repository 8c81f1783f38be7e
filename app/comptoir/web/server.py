"""The HTTP server: waitress, with a thread for each live stream and eight for everything else."""

import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from comptoir.settings import Settings

THREADS_BESIDE_STREAMS = 8
CONNECTIONS_PER_THREAD = 4
CHANNEL_TIMEOUT_S = 60
WAITING_MAX = 128
LOOK_S = 0.5
STOP_S = 2


class Server:
    """Serves an application until ``stop``; the port is bound when it is made.

    ``end_streams`` makes live streams end, so that their threads do. What ``proxy`` says of who
    asks is believed, nobody else.
    """

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        end_streams: Callable[[], None] = lambda: None,
        proxy: str | None = None,
    ) -> None:
        self._end_streams = end_streams
        self._stopping = False
        listening = socket.create_server(
            (settings.http_host, settings.http_port), backlog=WAITING_MAX
        )
        self.port = int(listening.getsockname()[1])
        self._channels: dict[int, Any] = {}
        threads = settings.sse_streams_max + THREADS_BESIDE_STREAMS
        self._waitress: Any = create_server(
            app,
            map=self._channels,
            sockets=[listening],
            threads=threads,
            connection_limit=CONNECTIONS_PER_THREAD * threads,
            channel_timeout=CHANNEL_TIMEOUT_S,
            channel_request_lookahead=1,  # else nobody notices that a live page was left
            clear_untrusted_proxy_headers=True,
            trusted_proxy=proxy,
            trusted_proxy_headers={"x-forwarded-for"} if proxy else set(),
            ident="",
        )

    def run(self) -> None:
        """Serve until ``stop``; streams are ended, other answers get two seconds."""
        while not self._stopping:
            wasyncore.loop(timeout=LOOK_S, map=self._channels, count=1)
        self._waitress.task_dispatcher.shutdown(cancel_pending=True, timeout=STOP_S)
        if self._waitress.task_dispatcher.threads:
            self._close_but_alarm()
        else:
            wasyncore.close_all(self._channels)

    def stop(self) -> None:
        """Let ``run`` return soon; from any thread, and in a signal handler."""
        self._stopping = True
        self._end_streams()

    def _close_but_alarm(self) -> None:
        """Leave the pipe open that a thread still at work will write to; the exit closes it."""
        for channel in list(self._channels.values()):
            if channel is not self._waitress.trigger:
                wasyncore.dispatcher.close(channel)  # the server's own would close the pipe too
