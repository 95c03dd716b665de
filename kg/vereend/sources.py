"""Claims against the text they come from: a reader's own copy, which the project does not hold."""

from vereend.knowledge import Claim, load
from vereend.locators import digest
from vereend.terms import literal, term

_SAYS = {
    "all": {"nl": "Alle {n} vindplaatsen kloppen met deze tekst.", "en": "All {n} places match this text."},
    "some": {
        "nl": "{k} van de {n} vindplaatsen kloppen niet met deze tekst:",
        "en": "{k} of {n} places do not match this text:",
    },
    "line": {"nl": "{c}: r. {a}–{b}", "en": "{c}: lines {a}–{b}"},
    "none": {"nl": "{c}: geen regels genoemd", "en": "{c}: no lines named"},
}


def mismatches(text: str) -> tuple[int, list[Claim]]:
    """Compare the digest of each claim's lines with this text: how many claims, and those that differ."""
    kb = load()
    wrong = []
    for claim in kb.claims.values():
        kept = [
            found.value
            for s, _ in kb.statements_of(claim.iri)
            if s.predicate == term("vrd:sha256") and (found := literal(s.object))
        ]
        if claim.lines is None or kept != [digest(text, claim.lines)]:
            wrong.append(claim)
    return len(kb.claims), wrong


def mismatches_text(total: int, wrong: list[Claim], lang: str) -> str:
    """Tell which places do not match."""
    if not wrong:
        return _SAYS["all"][lang].format(n=total)
    lines = [_SAYS["some"][lang].format(k=len(wrong), n=total)]
    for claim in wrong:
        key = "line" if claim.lines else "none"
        first, last = claim.lines or (0, 0)
        lines.append("  " + _SAYS[key][lang].format(c=claim.number, a=first, b=last))
    return "\n".join(lines)
