"""What search engines ask for: which pages there are, in which languages, and which to leave alone."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, request, url_for

from vereend.knowledge import KINDS
from vereend.stored_queries import QUERIES, queries
from vereend.terms import LANGUAGES, iri
from vereend_webui.links import page_of
from vereend_webui.site import knowledge

bp = Blueprint("crawling", __name__)
_PAGES = (
    "home.show",
    "search.show",
    "validation.show",
    "partnerships.index",
    "network.show",
    "questions.show",
    "rules.index",
    "things.overview",
    "about.method",
    "about.data",
    "about.api",
    "about.accessibility",
    "about.changes",
)


def _addresses(lang: str) -> Iterable[str]:
    kb = knowledge()
    yield from (url_for(endpoint, lang=lang) for endpoint in _PAGES)
    terms = sorted({*kb.vocabulary.concepts, *kb.vocabulary.schemes, *kb.vocabulary.definitions})
    names = [row.iri for kind in KINDS for row in kb.entities(kind)]
    for name in (*names, *map(iri, terms), *(QUERIES + query.name for query in queries())):
        if address := page_of(name, lang=lang):
            yield address


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """List every page in each language (sitemaps.org, with the alternates of Google's extension)."""
    root = request.url_root.rstrip("/")
    parts = []
    for addresses in sorted(set(zip(*(_addresses(lang) for lang in LANGUAGES), strict=True))):
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(root + address)}/>'
            for lang, address in zip(LANGUAGES, addresses, strict=True)
        )
        parts += [f"<url><loc>{escape(root + address)}</loc>{links}</url>" for address in addresses]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(parts) + "\n</urlset>\n"
    )
    return Response(body, content_type="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers from what costs work and is no page."""
    lines = ["User-agent: *", "Disallow: /sparql", "Disallow: /api/", "Disallow: /cite/"]
    return Response(
        "\n".join([*lines, f"Sitemap: {request.url_root}sitemap.xml", ""]), content_type="text/plain; charset=utf-8"
    )
