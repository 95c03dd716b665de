"""What running a viewer for others takes: how often one address may ask, a log without user data, an end that waits.

The log says which page or service was asked for, by its pattern and never by what was asked, and what came of it. It
holds no address, no query and no description.
"""

import json
import logging
import os
import signal
import threading
import time
import traceback
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from vereend_webui.settings import Settings

_log = logging.getLogger("vereend.requests")
PROBES = ("/healthz", "/readyz")


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception it tells the kind and the place: its words may repeat what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        told: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if isinstance(record.msg, dict):
            told |= record.msg
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            told |= {
                "exception": record.exc_info[0].__name__,
                "at": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
            }
        return json.dumps(told, ensure_ascii=False)


def write_log() -> None:
    """Send what is logged to standard error, as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    _log.setLevel(logging.INFO)


def init(app: Flask, settings: Settings) -> None:
    """Let an app limit and log what it is asked."""
    if settings.proxies:
        number = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]
    if settings.asks_per_minute:
        from flask_limiter import Limiter
        from flask_limiter.util import get_remote_address

        limiter = Limiter(
            get_remote_address,
            app=app,
            application_limits=[f"{settings.asks_per_minute} per minute"],
            storage_uri="memory://",
        )
        limiter.request_filter(lambda: request.path in PROBES or request.path.startswith("/static/"))
    if settings.log_requests:
        _log_requests(app)


def _log_requests(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        g.begun = time.monotonic()

    @app.after_request
    def _tell(response: Response) -> Response:
        if request.path not in PROBES:
            _log.info(
                {
                    "method": request.method,
                    "route": request.url_rule.rule if request.url_rule else None,
                    "status": response.status_code,
                    "ms": round(1000 * (time.monotonic() - g.get("begun", time.monotonic())), 1),
                    "bytes": response.content_length,
                }
            )
        return response


def stop_gently(server: Any, stopping: threading.Event, grace_s: float) -> None:
    """On SIGTERM, take no new connections, let what is being answered be answered, then end.

    Args:
        server: of waitress, at one address or at several.
        stopping: set when the end has begun.
        grace_s: seconds after which what is not ready is cut off.
    """
    from waitress.channel import HTTPChannel
    from waitress.server import BaseWSGIServer

    at_work = getattr(server, "map", None) or server._map

    def close(listener: BaseWSGIServer) -> None:
        listener.del_channel()
        listener.socket.close()

    def drain() -> None:
        for listener in [one for one in list(at_work.values()) if isinstance(one, BaseWSGIServer)]:
            listener.trigger.pull_trigger(lambda one=listener: close(one))  # in the thread that owns it
        until = time.monotonic() + grace_s
        while time.monotonic() < until and any(
            channel.requests or channel.total_outbufs_len
            for channel in list(at_work.values())
            if isinstance(channel, HTTPChannel)
        ):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    def begin(*_: object) -> None:
        if not stopping.is_set():
            stopping.set()
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell began us in the background
            threading.Thread(target=drain, daemon=True).start()

    if threading.current_thread() is threading.main_thread():  # no other may say what a signal does
        signal.signal(signal.SIGTERM, begin)
