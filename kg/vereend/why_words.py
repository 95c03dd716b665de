"""Why a query has no answers, in sentences of either language."""

from vereend.rules import Texts
from vereend.vocabulary import pick
from vereend.why_empty import Passage, Suggestion, Why

_PARTS: dict[str, Texts] = {
    "pattern": {"nl": "het patroon", "en": "the pattern"},
    "filter": {"nl": "de voorwaarde", "en": "the condition"},
    "bind": {"nl": "de toekenning", "en": "the assignment"},
    "values": {"nl": "de keuze", "en": "the choice"},
    "minus": {"nl": "de uitsluiting", "en": "the exclusion"},
    "group": {"nl": "de groep", "en": "the group"},
}
_REASONS: dict[str, Texts] = {
    "alone": {
        "nl": "Aan {part} op r. {line} voldoet niets in de graaf, wat de rest ook vraagt.",
        "en": "Nothing in the graph fits {part} at line {line}, whatever the rest asks.",
    },
    "spared": {
        "nl": "Zonder {part} op r. {line} zijn er antwoorden; ermee geen.",
        "en": "Without {part} at line {line} there are answers; with it there are none.",
    },
    "several": {
        "nl": "Meer dan één deel houdt antwoorden tegen; het eerste is {part} op r. {line}.",
        "en": "More than one part keeps answers away; the first is {part} at line {line}.",
    },
    "after": {
        "nl": "Er zijn rijen, maar wat na de patronen komt, laat er geen over.",
        "en": "There are rows, but what comes after the patterns leaves none.",
    },
    "answered": {"nl": "Er zijn antwoorden op deze vraag.", "en": "This question has answers."},
    "unknown": {
        "nl": "Waardoor er geen antwoorden zijn, is niet te vinden binnen de grenzen die voor vragen gelden.",
        "en": "What keeps answers away cannot be found within the limits that hold for questions.",
    },
    "clash": {"nl": "Het gaat niet samen met {others}.", "en": "It does not go together with {others}."},
    "also": {"nl": "Ook hieraan voldoet niets: {others}.", "en": "Nothing fits these either: {others}."},
    "name": {"nl": "De graaf kent {names} niet.", "en": "The graph does not know {names}."},
    "line": {"nl": "“{text}” (r. {line})", "en": "“{text}” (line {line})"},
}
_PROPOSALS: dict[str, Texts] = {
    "term": {"nl": "Bedoel je {proposed}?", "en": "Did you mean {proposed}?"},
    "direction": {
        "nl": "Lees het de andere kant op: {proposed}.",
        "en": "Read it the other way round: {proposed}.",
    },
    "language": {"nl": "In een andere taal: {proposed}.", "en": "In another language: {proposed}."},
    "literal": {"nl": "Er bestaat wel {proposed}.", "en": "There is {proposed}."},
    "variable": {
        "nl": "Niets geeft {instead} een waarde. Bedoel je {proposed}?",
        "en": "Nothing gives {instead} a value. Did you mean {proposed}?",
    },
    "value": {
        "nl": "In plaats van {instead} staat er wel {proposed}.",
        "en": "In place of {instead} stands {proposed}.",
    },
}
_WORKS: Texts = {"nl": "Dan zijn er antwoorden.", "en": "Then there are answers."}
_STILL: Texts = {"nl": "Ook dan zijn er geen antwoorden.", "en": "Even so there are no answers."}


def sentences(why: Why, lang: str) -> list[str]:
    """Say why there are no answers, without what was found to put in its place."""
    if why.culprit is None or why.kind in ("after", "unknown"):
        return [_REASONS[why.kind if why.kind in _REASONS else "unknown"][lang]]
    reason = "alone" if why.alone else "several" if why.kind == "several" else "spared"
    part = _PARTS.get(why.kind, _PARTS["pattern"])[lang]
    told = [_REASONS[reason][lang].format(part=part, line=why.culprit.line)]
    if why.unknown:
        told.append(_REASONS["name"][lang].format(names=", ".join(why.unknown)))
    if why.clashes and not why.alone:
        told.append(_REASONS["clash"][lang].format(others=_passages(why.clashes, lang)))
    if why.also:
        told.append(_REASONS["also"][lang].format(others=_passages(why.also, lang)))
    return told


def proposal(suggestion: Suggestion, lang: str) -> str:
    """Say what may have been meant, and whether there are answers then."""
    label = pick(suggestion.label, lang)
    proposed = f"{suggestion.proposed} ({label.value})" if label else suggestion.proposed
    told = _PROPOSALS[suggestion.kind][lang].format(proposed=proposed, instead=suggestion.instead_of)
    return f"{told} {(_WORKS if suggestion.works else _STILL)[lang]}"


def why_text(why: Why, lang: str) -> str:
    """Say all of it in lines of text: the part, the reason, and what may have been meant."""
    quoted = [f"  {' '.join(why.culprit.text.split())}"] if why.culprit else []
    return "\n".join([*sentences(why, lang), *quoted, *(f"- {proposal(s, lang)}" for s in why.suggestions)])


def _passages(passages: tuple[Passage, ...], lang: str) -> str:
    told = [_REASONS["line"][lang].format(text=" ".join(p.text.split()), line=p.line) for p in passages[:3]]
    return ", ".join(told) + (" …" if len(passages) > 3 else "")
