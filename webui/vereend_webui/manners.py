"""What every answer owes to HTTP: how long it may be kept, whether it is still the same, and that it comes compressed.

A page holds a nonce of its own each time; its tag is made without it, and an answer "not modified" brings no policy, so
that the nonce a browser kept goes on fitting the policy it kept.
"""

import hashlib

from flask import Flask, Response, request
from flask_compress import Compress

from vereend_webui.security import nonce

_TEXTS = [
    "text/html",
    "text/css",
    "text/plain",
    "text/csv",
    "text/turtle",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/rdf+xml",
    "application/n-triples",
    "application/sparql-results+json",
    "application/sparql-results+xml",
]


def init(app: Flask) -> None:
    """Put the headers on every answer."""
    app.config.setdefault("COMPRESS_MIMETYPES", _TEXTS)
    app.config.setdefault("COMPRESS_ALGORITHM", ["gzip"])
    Compress(app)

    # Functions run in the reverse order of their registration: this one sees the answer before it is compressed.
    @app.after_request
    def _tag(response: Response) -> Response:
        if not response.headers.get("Cache-Control"):
            # May be kept, and is asked after each time; what was sent to us is not to be kept at all.
            response.headers["Cache-Control"] = "no-cache" if request.method in ("GET", "HEAD") else "no-store"
        whole = response.status_code == 200 and not response.is_streamed and not response.direct_passthrough
        if whole and request.method == "GET" and not response.headers.get("ETag"):
            body = response.get_data()
            if response.mimetype == "text/html":
                body = body.replace(nonce().encode(), b"")
            response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=response.mimetype == "text/html")
            response.make_conditional(request)
        return response
