"""Serve the viewer to the browsers of this machine, or of others where the host is set so."""

import sys
import threading
import webbrowser
from pathlib import Path

from vereend.errors import VereendError
from vereend.service import from_environment
from vereend.store import GraphStore

# Past this the server itself cuts off an upload, with a bare sentence; below it the reader gets a page.
_MOST_BYTES = 100_000_000


def serve(host: str, port: int, data: list[Path], open_browser: bool | None, graph: GraphStore | None = None) -> None:
    """Serve until interrupted; says where on standard error.

    Args:
        data: descriptions to show beside the project's own.
        open_browser: None opens one when someone sits at a screen.
        graph: what questions are put to; None takes the project's own content and `data`.
    Raises:
        VereendError: a description cannot be read, or the port is taken.
    """
    import waitress

    from vereend_webui import create_app, operating
    from vereend_webui.settings import Settings
    from vereend_webui.site import Site

    settings = from_environment(Settings)
    if settings.log_requests:
        operating.write_log()
    app = create_app(data, settings, graph)
    site: Site = app.extensions["vereend"]
    _ = site.knowledge  # what cannot be read ends here, not on the first page
    address = f"http://{host}:{port}/"
    try:
        # Three threads more than queries and judges can hold, so that pages come through when all of those are busy.
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=8,
            ident="vereend",
            max_request_body_size=_MOST_BYTES,
            inbuf_overflow=_MOST_BYTES,  # past this the server would keep what is sent in a file for a while
            channel_request_lookahead=1,  # so that it is seen when who asked something long has left
        )
    except OSError as error:
        raise VereendError(
            address, "cannot be served", "Choose another port, as in --port 5100", error.strerror or ""
        ) from None
    threading.Thread(target=site.warm_up, daemon=True).start()
    sys.stderr.write(f"Vereend: {address} (stop with Ctrl+C)\n")
    if open_browser or (open_browser is None and _has_screen()):
        threading.Timer(0.5, webbrowser.open, [address]).start()
    operating.stop_gently(server, site.stopping, settings.stop_wait_s)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _has_screen() -> bool:
    """Tell whether a browser would be seen: someone at a terminal, and a display where one is needed."""
    import os

    if not sys.stderr.isatty():
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
