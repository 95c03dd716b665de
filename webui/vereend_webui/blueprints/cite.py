"""How to cite: files for programs that keep references, and a page for a verdict.

What a verdict is cited by is sent, not looked up, since descriptions are not kept; it is posted, so that it stands in
no address and no log.
"""

import datetime
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import Blueprint, Response, render_template, request

from vereend.citing import MEDIA, cite, cite_verdict, write
from vereend.errors import VereendError
from vereend.terms import LANGUAGES, PHASES, Text
from vereend_webui.citing import Box, box
from vereend_webui.i18n import pick
from vereend_webui.site import knowledge

pages = Blueprint("cite_pages", __name__)
bp = Blueprint("cite", __name__)


@dataclass(frozen=True)
class CitePage:
    """All that cite/show.html may use."""

    title: Text
    box: Box
    digest: str
    rule: str


@bp.get(f"/cite/<path:path>.<any({', '.join(MEDIA)}):form>")
def download(path: str, form: str) -> Response:
    """Hand over the citation of a thing, in `lang`. An unknown thing raises UnknownEntity."""
    lang = request.args.get("lang", "") if request.args.get("lang") in LANGUAGES else "en"
    cited = cite(knowledge(), path)
    response = Response(write(cited, form, lang), content_type=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="vereend-{cited.key}.{form}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@pages.post("/cite")
def verdict() -> str:
    """Show how to cite a verdict, from the line that `verdict_query` made."""
    sent = {name: values[0] for name, values in parse_qs(request.form.get("verdict", "")[:4000]).items()}
    digest, on, phase = (sent.get(name, "") for name in ("digest", "on", "phase"))
    try:
        datetime.date.fromisoformat(on)
    except ValueError:
        on = ""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not on or phase not in PHASES:
        raise VereendError("verdict", "is not a verdict", "Begin at the verdict you want to cite")
    label = {lang: sent[f"label_{lang}"][:300] for lang in LANGUAGES if sent.get(f"label_{lang}")}
    cited = cite_verdict(knowledge(), sent.get("rule", ""), sent.get("verdict", ""), label, digest, on, phase)
    page = CitePage(pick(cited.title), box(cited, linked=False), digest, sent["rule"])
    return render_template("cite/show.html", page=page)
