"""The words of a description in YAML or JSON, per language: which property, kind or concept each stands for.

Built from the ontology: keys are `vrd:key`, kinds go by their label with a capital, and under a key whose values come
from a list its concepts go by their labels. What comes out is a JSON-LD 1.1 context, so that any processor reads the
same statements; `vereend build` writes it in ontology/.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vereend import content
from vereend.terms import BASE, LANGUAGES, NAMESPACES, literal, local_name, prefixed, term
from vereend.vocabulary import Vocabulary, vocabulary

ADDRESS = BASE + "context/{lang}.jsonld"
# Keywords of JSON-LD, and what they are called here in every language.
KEYWORDS = {"id": "@id", "is": "@type"}
_MORE_KEYWORDS = {
    "nl": {"overig": "@included", "tekst": "@value", "taal": "@language", "zonder-taal": "@none"},
    "en": {"others": "@included", "text": "@value", "language": "@language", "no-language": "@none"},
}
# Names and explanations have a key for each language, known in both: nearly every thing has a name in two.
TWINS = {
    term("rdfs:label"): {"nl": "naam", "en": "name"},
    term("rdfs:comment"): {"nl": "toelichting", "en": "explanation"},
}
# Properties whose value is the name of a property.
NAMING = (term("vrd:completeFor"), term("vrd:dimension"), term("rdf:predicate"))
_SHOWN = ("vrd", "vc", "law", "src", "rdf", "rdfs", "prov", "dct", "xsd")
_TEXT = term("rdfs:Literal")


@dataclass(frozen=True)
class Words:
    """The words of one language. Names are in N-Triples spelling."""

    lang: str
    keywords: dict[str, str]  # word -> keyword of JSON-LD
    keys: dict[str, str]  # word -> property
    kinds: dict[str, str]  # word -> class
    values: dict[str, dict[str, str]]  # property -> label -> concept
    key_of: dict[str, str]  # property -> word
    kind_of: dict[str, str]
    label_of: dict[str, str]  # concept -> label, where no other concept under the same key has it
    definitions: dict[str, Any]  # the terms of the context


def _definition(name: str, known: Vocabulary, values: dict[str, str]) -> dict[str, Any] | str:
    """Say how a processor reads what stands under a key."""
    spelled = prefixed(name)
    if values:
        concepts = {label: prefixed(concept) for label, concept in values.items()}
        return {"@id": spelled, "@type": "@vocab", "@context": concepts}
    if name in NAMING:
        return {"@id": spelled, "@type": "@vocab"}
    datatype = known.datatypes.get(name, "")
    if datatype == _TEXT:
        return {"@id": spelled, "@container": "@language"}
    if datatype in (term("xsd:date"), term("xsd:anyURI")):
        return {"@id": spelled, "@type": prefixed(datatype)}
    if datatype.startswith("<" + NAMESPACES["xsd"]):
        return spelled
    return {"@id": spelled, "@type": "@id"}


def properties_told(known: Vocabulary) -> list[str]:
    """Give the properties a description may use: ours, but for those that only the ontology and the rules use."""
    only_ours = {s.subject for s in known.statements if s.object == term("owl:AnnotationProperty")}
    told = {term(f"vrd:{name}") for name in ("completeFor", "dimension", "asserts", "about")}
    return sorted(name for name in known.properties if name in told or name not in only_ours)


@cache
def words(lang: str) -> Words:
    """Give the words of a language."""
    known = vocabulary()
    written: dict[str, str] = {}
    for subject, predicate, obj in known.statements:
        if predicate == term("vrd:key") and (text := literal(obj)) and text.lang == lang:
            written[subject] = text.value
    keys = {written.get(name, local_name(name)): name for name in properties_told(known)}
    keys |= {word: name for name, word in sorted(written.items()) if name not in keys.values()}
    values: dict[str, dict[str, str]] = defaultdict(dict)
    label_of: dict[str, str] = {}
    for word, name in keys.items():
        if name in known.value_scheme:
            labels = {concept: known.labels[concept].get(lang, "") for concept in known.values_of(name)}
            counted = Counter(labels.values())
            for concept, label in sorted(labels.items()):
                # A label that is also the key would redefine the key.
                if label and label != word and counted[label] == 1:
                    values[name][label] = concept
                    label_of[concept] = label
    kinds = {}
    for name in sorted(known.classes):
        label = known.labels[name].get(lang, local_name(name))
        kinds[label[:1].upper() + label[1:]] = name
    keywords = KEYWORDS | _MORE_KEYWORDS[lang]
    definitions: dict[str, Any] = {"@version": 1.1} | {name: NAMESPACES[name] for name in _SHOWN} | keywords
    definitions |= {word: prefixed(name) for word, name in kinds.items()}
    for word, name in keys.items():
        definitions[word] = _definition(name, known, values.get(name, {}))
    for name, twins in TWINS.items():
        for other, word in twins.items():
            definitions[word] = {"@id": prefixed(name), "@language": other}
    key_of = {name: word for word, name in keys.items()}
    kind_of = {name: word for word, name in kinds.items()}
    return Words(lang, keywords, keys, kinds, dict(values), key_of, kind_of, label_of, definitions)


def spoken(name: str, lang: str) -> str:
    """Give the word of a property as it goes in running text or over a column: "funded by"."""
    return words(lang).key_of.get(name, local_name(name)).replace("-", " ")


def context(lang: str) -> dict[str, Any]:
    """Give the JSON-LD context of a language."""
    return {"@context": words(lang).definitions}


def schema(lang: str) -> dict[str, Any]:
    """Give a JSON Schema (draft 2020-12) of descriptions in YAML, by which editors complete and check them.

    It knows keys, kinds and lists of values; what holds between things is for the shapes.
    """
    known, own = vocabulary(), words(lang)
    twins = {word: {"$ref": "#/$defs/text"} for names in TWINS.values() for word in names.values()}

    def several(one: dict[str, Any]) -> dict[str, Any]:
        return {"anyOf": [one, {"type": "array", "items": one}]}

    def value(name: str) -> dict[str, Any]:
        if name in own.values:
            labels = sorted(own.values[name])
            return {"anyOf": [{"enum": labels}, {"type": "string", "pattern": "^vc:"}]}
        definition = own.definitions[own.key_of[name]]
        if isinstance(definition, dict) and definition.get("@container"):
            return {"$ref": "#/$defs/text"}
        if known.ranges.get(name, "") in known.classes:
            return {"anyOf": [{"type": "string"}, {"$ref": f"#/$defs/{local_name(known.ranges[name])}"}]}
        return {"type": ["string", "boolean", "integer", "object"]}

    definitions: dict[str, Any] = {"text": {"type": ["string", "object", "array"]}}
    for kind in sorted(known.classes):
        narrower = sorted(own.kind_of[sub] for sub in known.subclasses[kind])
        names = set().union(*(known.properties_of[sub] for sub in known.subclasses[kind])) & own.key_of.keys()
        told = {own.key_of[name]: several(value(name)) for name in sorted(names)}
        definitions[local_name(kind)] = {
            "type": "object",
            "description": known.definitions[kind].get(lang, ""),
            "properties": {"id": {"type": "string"}, "is": several({"enum": narrower})} | twins | told,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}schema/{lang}.json",
        "title": {"nl": "Beschrijving van een samenwerking", "en": "Description of a partnership"}[lang],
        "anyOf": [{"$ref": "#/$defs/Partnership"}, {"type": "array", "items": {"$ref": "#/$defs/Partnership"}}],
        "$defs": definitions,
    }


def files() -> dict[Path, str]:
    """Give every context that `vereend build` writes, by path."""
    folder = content.root() / "ontology"
    return {
        folder / f"context.{lang}.jsonld": json.dumps(context(lang), ensure_ascii=False, indent=1) + "\n"
        for lang in LANGUAGES
    }


def language_of(address: str) -> str | None:
    """Tell of which language an address is the context; None for any other address."""
    return next((lang for lang in LANGUAGES if address == ADDRESS.format(lang=lang)), None)
