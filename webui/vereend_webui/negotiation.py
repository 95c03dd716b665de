"""Which form of an answer an asker wants, by the Accept header (RFC 9110, section 12.5.1).

Werkzeug's own choice does not match a type with parameters, gives nothing where no header was sent, and offers XHTML
to someone who refused HTML; so the choice is made here.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

RDF_TYPES = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-triples": "nt",
}
EXTENSIONS = {extension: media_type for media_type, extension in RDF_TYPES.items()}
# Asked for by programs that mean "data, as JSON": JSON-LD is that.
_ALIASES = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
}
_HTML = ("text/html", "application/xhtml+xml")


class Wish(NamedTuple):
    """One media range of an Accept header."""

    kind: str  # "text"
    form: str  # "turtle"
    quality: float

    @property
    def exactness(self) -> int:
        """2 for a type, 1 for a family, 0 for anything."""
        return (self.kind != "*") + (self.form != "*")

    def fits(self, media_type: str) -> bool:
        """Tell whether a media type is in this range."""
        kind, _, form = media_type.partition("/")
        return self.kind in ("*", kind) and self.form in ("*", form)


def wishes(header: str | None) -> list[Wish]:
    """Read an Accept header, most wanted first; a missing or empty one asks for anything. Parameters are left out."""
    found = []
    for part in (header or "*/*").split(","):
        media_type, *parameters = (p.strip().lower() for p in part.split(";"))
        match = re.fullmatch(r"([\w.+*-]+)/([\w.+*-]+)", media_type)
        if not match:
            continue
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found.append(Wish(match[1], match[2], min(1.0, max(0.0, float(quality)))))
        except ValueError:
            found.append(Wish(match[1], match[2], 0.0))
    return sorted(found or [Wish("*", "*", 1.0)], key=lambda w: (-w.quality, -w.exactness))


def accepted(header: str | None) -> list[str]:
    """Give the wanted media types, best first, ranges as they are; what is refused is left out."""
    return [f"{w.kind}/{w.form}" for w in wishes(header) if w.quality > 0]


def choose(header: str | None, offered: Sequence[str]) -> str | None:
    """Choose among the offered media types, the first being what we would rather give; None when none is wanted.

    At equal wish the type that is named goes before one that falls in a range.
    """
    asked = wishes(header)

    def best(media_type: str) -> tuple[float, int]:
        names = {media_type, *(alias for alias, real in _ALIASES.items() if real == media_type)}
        if media_type in _HTML:
            names |= set(_HTML)
        fitting = [w for w in asked if any(w.fits(name) for name in names)]
        # The most exact range says how much it is wanted (RFC 9110): "text/html;q=0, */*" refuses HTML.
        top = max(fitting, key=lambda w: (w.exactness, w.quality), default=None)
        return (top.quality, top.exactness) if top else (0.0, 0)

    if not offered:
        return None
    ranked = sorted(offered, key=lambda t: (-best(t)[0], -best(t)[1], offered.index(t)))
    return ranked[0] if best(ranked[0])[0] > 0 else None
