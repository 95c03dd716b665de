"""What a browser is told not to do: run or load anything that is not ours.

The nonce is for the style elements that CodeMirror makes; scripts are files and need none.
"""

import secrets

from flask import Flask, Response, g


def nonce() -> str:
    """Give this answer's nonce."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def policy() -> str:
    """Give the content security policy of a page."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce()}'",
            "img-src 'self' data:",  # CodeMirror draws the wave under a finding as a data: picture
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def init(app: Flask) -> None:
    """Put the headers on every answer."""

    @app.after_request
    def _protect(response: Response) -> Response:
        headers = response.headers
        if response.status_code == 304:
            # The nonce a browser kept with a page goes on fitting the policy it kept.
            return response
        # What is not a page shows nothing and runs nothing, whatever it holds.
        headers["Content-Security-Policy"] = (
            policy() if response.mimetype == "text/html" else "default-src 'none'; frame-ancestors 'none'"
        )
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault(
            "Cross-Origin-Resource-Policy",
            "cross-origin" if "Access-Control-Allow-Origin" in headers else "same-origin",
        )
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
        return response
