"""The SHACL that is built from the rules and the ontology.

Two kinds. *Readings*: one graph a phase, two shapes a rule (breach and silence), run on a prepared description; they
live in memory. *Portable shapes*: one shape a rule, in shapes/NN-theme.ttl, that any engine runs on a raw description
beside shapes/background.ttl; these are committed, and `vereend build` writes them.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path

import pyoxigraph as ox

from vereend import content, contexts, writing
from vereend.patterns import Pattern, doubtful, portable, select
from vereend.rules import CoreProperty, Part, Rule, rules
from vereend.terms import DEFAULT_PHASE, NAMESPACES, TYPE, iri, is_vrd, local_name, may, prefixed, term
from vereend.vocabulary import Vocabulary, add_text, vocabulary

UNTOLD_SUFFIX = "-untold"
_SHAPES = "https://w3id.org/vereend/shapes"
_HEADER = """# Built by `vereend build` from {source}. Do not edit: change the source and build again.
# Portable SHACL: run it with any engine on a raw description, with shapes/background.ttl as part of the data.
# Silence and breach both report. Severity is that of the consolidation phase; `vereend validate` knows the others.
"""


def _prefixes(names: Iterable[str]) -> str:
    return "".join(f"@prefix {name}: <{NAMESPACES[name]}> .\n" for name in names)


def _declarations(names: Iterable[str]) -> str:
    declared = " ,\n".join(
        f'  [ sh:prefix "{name}" ; sh:namespace "{NAMESPACES[name]}"^^xsd:anyURI ]' for name in names
    )
    return f"<{_SHAPES}> sh:declare\n{declared} .\n"


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _texts(texts: dict[str, str]) -> str:
    return " , ".join(f"{_quote(text)}@{lang}" for lang, text in sorted(texts.items(), reverse=True))


def _constraint(name: str, query: str, messages: dict[str, str]) -> str:
    return (
        f"{name} a sh:SPARQLConstraint ; sh:prefixes <{_SHAPES}> ;\n"
        f'  sh:message {_texts(messages)} ;\n  sh:select """{query}""" .\n'
    )


# --- readings --------------------------------------------------------------------------------------------------------


def demand_names(part: Part) -> list[str]:
    """Name the demands of a part, in their order."""
    return [f"{local_name(part.iri)}-asks{number or ''}" for number in range(len(part.asks))]


def checks(part: Part) -> list[tuple[bool, str, str]]:
    """Give the queries behind one part: (is it the silence?, name, SELECT).

    Breach: `about` with a prohibition, or without any completion of a demand. Silence: `about` with a doubt, or with a
    demand that only a completion meets, so that one lack is never reported twice.
    """
    about = part.about.text
    bound = part.about.variables
    found = [(False, local_name(f.iri), select(about, f.pattern.text)) for f in part.forbids]
    for label, demand in zip(demand_names(part), part.asks, strict=True):
        may_hold = doubtful(demand, bound)
        found.append((False, label, select(about, f"\n    FILTER NOT EXISTS {{{may_hold}\n    }}")))
        silent = f"\n    FILTER NOT EXISTS {{{demand.text}\n    }}\n    FILTER EXISTS {{{may_hold}\n    }}"
        found.append((True, label, select(about, silent)))
    return found + [(True, local_name(d.iri), select(about, d.pattern.text)) for d in part.doubts]


def _told_checks(part: Part) -> list[tuple[str, str]]:
    """Give the queries of one part as told, by name: what is a breach or else a silence."""
    about = part.about.text
    found = [(local_name(p.iri), select(about, p.pattern.text)) for p in (*part.forbids, *part.doubts)]
    for label, demand in zip(demand_names(part), part.asks, strict=True):
        found.append((label, select(about, f"\n    FILTER NOT EXISTS {{{demand.text}\n    }}")))
    return found


@lru_cache(1_000)
def _told_reading(number: str, severity: str) -> str:
    rule = rules()[number]
    if rule.core:
        return _core_reading(rule, prefixed(rule.shape), str, "", severity)
    return _pattern_reading(
        rule, prefixed(rule.shape), [query for part in rule.parts for query in _told_checks(part)], severity
    )


@lru_cache(1_000)
def _rule_readings(number: str, severity: str) -> str:
    rule = rules()[number]
    name = prefixed(rule.shape)
    if rule.core:
        return _core_reading(rule, name, may, "", severity) + _core_reading(
            rule, name + UNTOLD_SUFFIX, str, UNTOLD_SUFFIX, severity
        )
    breach, silence = (
        [(label + suffix, query) for part in rule.parts for s, label, query in checks(part) if s == bool(suffix)]
        for suffix in ("", UNTOLD_SUFFIX)
    )
    return _pattern_reading(rule, name, breach, severity) + _pattern_reading(
        rule, name + UNTOLD_SUFFIX, silence, severity
    )


def _pattern_reading(rule: Rule, name: str, selects: list[tuple[str, str]], severity: str) -> str:
    if not selects:
        return ""
    listed = " , ".join(f"vs:{label}" for label, _ in selects)
    return (
        f"{name} a sh:NodeShape ; vrd:rule <{rule.iri}> ; sh:targetClass vrd:Partnership ;\n"
        f"  sh:severity sh:{severity} ; sh:sparql {listed} .\n"
    ) + "".join(_constraint(f"vs:{label}", query, {"en": rule.number}) for label, query in selects)


def _core_reading(rule: Rule, name: str, path_of: Callable[[str], str], suffix: str, severity: str) -> str:
    targets = " , ".join(prefixed(kind) for kind in rule.about_classes)
    listed = " , ".join(f"<{p.iri}{suffix}>" for p in rule.core)
    out = [f"{name} a sh:NodeShape ; vrd:rule <{rule.iri}> ; sh:targetClass {targets} ; sh:property {listed} .\n"]
    for demand in rule.core:
        out.append(
            f"<{demand.iri}{suffix}> a sh:PropertyShape ; vrd:rule <{rule.iri}> ; sh:path {path_of(demand.path)} ;\n"
            f"  sh:minCount 1 ; sh:severity sh:{severity} .\n"
        )
    return "".join(out)


# A description at fault in a few rules asks for shapes of these alone, and which ones varies.
@lru_cache(64)
def readings(phase: str, numbers: tuple[str, ...] | None = None) -> str:
    """Give, as Turtle, the shapes of the rules that hold in a phase, in both readings, for prepared descriptions.

    Args:
        numbers: which rules; None is all.
    """
    return _all_of(_rule_readings, phase, numbers)


@lru_cache(64)
def told_readings(phase: str, numbers: tuple[str, ...] | None = None) -> str:
    """Give, as Turtle, the shapes of the rules that hold in a phase, as told: breach and silence in one.

    What these find nothing of, `readings` finds nothing of either: what holds as told, holds with the benefit of the
    doubt. They need no more than `vereend.readings.as_told`.

    Args:
        numbers: which rules; None is all.
    """
    return _all_of(_told_reading, phase, numbers)


def _all_of(reading: Callable[[str, str], str], phase: str, numbers: tuple[str, ...] | None) -> str:
    names = ("vrd", "may", "vc", "vs", "vr", "rdf", "rdfs", "skos")
    head = _prefixes((*names, "sh", "xsd")) + _declarations(names)
    chosen = rules() if numbers is None else numbers
    return head + "".join(reading(number, s) for number in chosen if (s := rules()[number].severity(phase)))


@cache
def rule_of_shape() -> dict[str, str]:
    """Give the number of the rule that each shape and each property shape of a reading as told belongs to, by IRI."""
    return {name: rule.number for rule in rules().values() for name in (rule.shape, *(d.iri for d in rule.core))}


# --- portable shapes --------------------------------------------------------------------------------------------------


def _portable_queries(part: Part, known: Vocabulary) -> list[tuple[str, str]]:
    def text(pattern: Pattern) -> str:
        return portable(pattern.text, known)

    about = text(part.about)
    found = [(local_name(p.iri), select(about, text(p.pattern))) for p in (*part.forbids, *part.doubts)]
    for label, demand in zip(demand_names(part), part.asks, strict=True):
        found.append((label, select(about, f"\n    FILTER NOT EXISTS {{{text(demand)}\n    }}")))
    return found


def _portable_rule(rule: Rule, known: Vocabulary) -> str:
    name = prefixed(rule.shape)
    severity = rule.severity(DEFAULT_PHASE) or "Info"
    claims = " , ".join(f"src:{claim}" for claim in rule.claims)
    head = f"{name} a sh:NodeShape ;\n  rdfs:label {_texts(rule.label)} ;\n  dct:source {claims} ;\n"
    if rule.core:
        targets = " , ".join(prefixed(kind) for kind in rule.about_classes)
        listed = " , ".join(prefixed(p.iri) for p in rule.core)
        return (
            head
            + f"  sh:targetClass {targets} ;\n  sh:property {listed} .\n"
            + "".join(
                f"{prefixed(p.iri)} a sh:PropertyShape ; sh:path {prefixed(p.path)} ; sh:minCount 1 ;\n"
                f"  sh:severity sh:{severity} ;\n"
                f"  sh:message {_texts(_core_message(p, rule))} .\n"
                for p in rule.core
            )
        )
    selects = [query for part in rule.parts for query in _portable_queries(part, known)]
    listed = " , ".join(f"vs:{label}" for label, _ in selects)
    return (
        head
        + f"  sh:targetClass vrd:Partnership ; sh:severity sh:{severity} ;\n  sh:sparql {listed} .\n"
        + "".join(_constraint(f"vs:{label}", query, rule.remedy) for label, query in selects)
    )


def _core_message(demand: CoreProperty, rule: Rule) -> dict[str, str]:
    return {lang: f"{rule.label[lang]}: {text}." for lang, text in demand.silent.items()}


def portable_files() -> dict[Path, str]:
    """Give every file that `vereend build` writes in shapes/, by path: the text it must hold."""
    known = vocabulary()
    names = ("vrd", "vc", "vs", "rdf", "rdfs", "skos", "owl")
    head = _prefixes((*names, "src", "law", "dct", "sh", "xsd"))
    folder = content.root() / "shapes"
    files = {
        folder / "00-structure.ttl": _HEADER.format(source="ontology/ and kg/vereend/structure.py")
        + head
        + structure(known),
        folder / "background.ttl": _background(known),
    }
    for path in content.turtle_files("shapes", "rules"):
        built = "\n".join(_portable_rule(rule, known) for rule in rules().values() if rule.source == path)
        if built:
            header = _HEADER.format(source=f"shapes/rules/{path.name}")
            files[folder / path.name] = f"{header}{head}\n{_declarations(names)}\n{built}"
    return files


def _background(known: Vocabulary) -> str:
    """Write what a raw description needs beside it: hierarchies, what concepts mean to a rule, what provisions do."""
    kept = known.concept_statements | {
        s for s in known.statements if s.predicate == term("rdfs:subClassOf") and is_vrd(s.subject) and is_vrd(s.object)
    }
    kept |= {s for s in known.statements if s.predicate == term("skos:broader") and s.subject in known.value_concepts}
    wanted = {
        term(f"vrd:{n}")
        for n in ("enables", "enabledHolder", "inAct", "ofRegime", "jurisdiction", "completeFor", "from", "until")
    } | {TYPE}
    kept |= {s for group in known.law_of.values() for s in group if s.predicate in wanted}
    head = (
        "# Built by `vereend build` from ontology/ and kg/law/. Do not edit: change the source and build again.\n"
        "# Give it to a SHACL engine as part of the data, beside the description.\n"
    )
    return (
        head
        + _prefixes(("vrd", "vc", "law", "rdf", "rdfs", "skos", "xsd"))
        + "".join(f"{prefixed(s.subject)} {prefixed(s.predicate)} {prefixed(s.object)} .\n" for s in sorted(kept))
    )


# --- structure --------------------------------------------------------------------------------------------------------


def structure(known: Vocabulary) -> str:
    """Write the structure layer: kinds, single answers, values from their lists, and nothing loose."""
    shapes: dict[str, list[str]] = {}
    out: list[str] = []

    def words(text_nl: str, text_en: str) -> str:
        return _texts({"nl": text_nl, "en": text_en})

    def label(name: str, lang: str) -> str:
        found = known.label(name, lang)
        return found.value if found else local_name(name)

    def add(kind: str, name: str, body: str, message: str, path: str = "") -> None:
        shape = f"vs:S-{local_name(kind)}-{name}"
        shapes.setdefault(kind, []).append(shape)
        out.append(f"{shape} a sh:PropertyShape ; sh:path {path} ;\n  {body} ;\n  sh:message {message} .\n")

    for name in sorted(known.domains):
        prop = local_name(name)
        for kind in sorted(known.domains[name] & known.classes):
            path = prefixed(name)
            nl, en = (f"“{label(name, lang)}”" for lang in ("nl", "en"))
            if name in known.functional:
                add(
                    kind,
                    f"{prop}-one",
                    "sh:maxCount 1",
                    words(f"{nl} heeft hier meer dan één waarde", f"{en} has more than one value here"),
                    path,
                )
            least = known.needs.get((kind, name), 0)
            if least:
                add(
                    kind,
                    f"{prop}-told",
                    f"sh:minCount {least}",
                    words(
                        f"{nl} moet hier ten minste {least} keer staan",
                        f"{en} must be told at least {least} time{'s' * (least > 1)} here",
                    ),
                    path,
                )
            scheme, range_ = known.value_scheme.get(name), known.ranges.get(name, "")
            if scheme:
                values = " ".join(sorted(map(prefixed, known.values_of(name))))
                add(
                    kind,
                    f"{prop}-list",
                    f"sh:in ( {values} )",
                    words(
                        f"een waarde van {nl} komt niet uit de lijst “{label(scheme, 'nl')}”",
                        f"a value of {en} is not on the list “{label(scheme, 'en')}”",
                    ),
                    path,
                )
            elif is_vrd(range_) and range_ in known.classes:
                add(
                    kind,
                    f"{prop}-kind",
                    f"sh:class {prefixed(range_)}",
                    words(
                        f"een waarde van {nl} is niet van de soort “{label(range_, 'nl')}”",
                        f"a value of {en} is not of the kind “{label(range_, 'en')}”",
                    ),
                    path,
                )
            elif (range_ := known.datatypes.get(name, "")) in (term("xsd:date"), term("xsd:boolean")):
                kind_nl, kind_en = (
                    ("datum (jjjj-mm-dd)", "date (yyyy-mm-dd)")
                    if range_.endswith("date>")
                    else ("ja of nee (true, false)", "yes or no (true, false)")
                )
                add(
                    kind,
                    f"{prop}-type",
                    f"sh:datatype {prefixed(range_)}",
                    words(f"een waarde van {nl} is geen {kind_nl}", f"a value of {en} is no {kind_en}"),
                    path,
                )
    for kind, whole in sorted(known.belongs_by.items()):
        add(
            kind,
            "belongs",
            "sh:minCount 1 ; sh:maxCount 1",
            words("dit hoort niet bij precies één samenwerking", "this does not belong to exactly one partnership"),
            f"[ sh:inversePath {prefixed(whole)} ]",
        )
    add(
        term("vrd:PoliceParticipation"),
        "participant-police",
        "sh:class vrd:PoliceOrganisation",
        words(
            "de deelnemer aan een politiedeelname is geen politieorganisatie",
            "the participant of a police participation is no police organisation",
        ),
        "vrd:participant",
    )
    add(
        term("vrd:PartnerParticipation"),
        "participant-partner",
        "sh:not [ sh:class vrd:PoliceOrganisation ]",
        words(
            "een politieorganisatie doet mee als politie, niet als partner",
            "a police organisation takes part as police, not as a partner",
        ),
        "vrd:participant",
    )
    for kind, listed in sorted(shapes.items()):
        targets = " , ".join(prefixed(k) for k in sorted(known.subclasses.get(kind, {kind})))
        out.append(
            f"vs:S-{local_name(kind)} a sh:NodeShape ; sh:targetClass {targets} ;\n"
            f"  sh:property {' , '.join(listed)} .\n"
        )
    for name in sorted(known.domains):
        if known.domains[name] <= known.classes:
            kinds = " ".join(f"[ sh:class {prefixed(kind)} ]" for kind in sorted(known.domains[name]))
            nl, en = (f"“{label(name, lang)}”" for lang in ("nl", "en"))
            misplaced = words(f"{nl} staat bij iets van een andere soort", f"{en} is told of something of another kind")
            out.append(
                f"vs:S-{local_name(name)}-of a sh:NodeShape ; sh:targetSubjectsOf {prefixed(name)} ;\n"
                f"  sh:or ( {kinds} ) ;\n  sh:message {misplaced} .\n"
            )
    return "".join(out)


@cache
def structure_shapes() -> str:
    """Give, as Turtle, the structure layer for a description beside the class hierarchy."""
    return _prefixes(("vrd", "vc", "vs", "sh", "xsd", "rdfs")) + structure(vocabulary())


@cache
def structure_messages() -> dict[str, dict[str, str]]:
    """Give what each structure shape says when it finds something, by shape IRI and language."""
    found: dict[str, dict[str, str]] = {}
    message = term("sh:message")
    for quad in ox.parse(structure_shapes(), format=ox.RdfFormat.TURTLE):
        if str(quad.predicate) == message:
            add_text(found.setdefault(iri(str(quad.subject)), {}), str(quad.object))
    return found


@cache
def structure_remedy(shape: str) -> dict[str, str]:
    """Give what to do about a finding of a structure shape, by language."""
    known = vocabulary()
    name, backward = structure_properties()[shape]
    written = prefixed(name)

    def labels(names: Iterable[str], lang: str) -> str:
        return ", ".join(sorted(found.value for one in names if (found := known.label(one, lang))))

    asks = shape.rpartition("-")[2]
    if shape.endswith(("-participant-police", "-participant-partner")):
        return {
            "nl": "Geef de deelname de soort die bij de deelnemer past.",
            "en": "Give the participation the kind that goes with the participant.",
        }
    if backward:
        return {"nl": f"Noem het bij één samenwerking, met {written}.", "en": f"Name it once, by {written}."}
    if asks == "one":
        return {"nl": "Laat er één staan.", "en": "Leave one of them."}
    if asks == "told":
        return {"nl": f"Vul aan met {written}.", "en": f"Add {written}."}
    if asks == "list":
        values = known.values_of(name)
        return {"nl": f"Kies uit: {labels(values, 'nl')}.", "en": f"Choose from: {labels(values, 'en')}."}
    if asks == "kind":
        wanted = {known.ranges[name]}
        return {
            "nl": f"Noem iets van de soort {labels(wanted, 'nl')}, of zeg van deze waarde dat zij van die soort is.",
            "en": f"Name something of the kind {labels(wanted, 'en')}, or say of this value that it is of that kind.",
        }
    if asks == "type" and known.datatypes[name] == term("xsd:date"):
        example = '"2026-11-24"^^xsd:date'
        return {"nl": f"Schrijf jaar, maand, dag: {example}.", "en": f"Write year, month, day: {example}."}
    if asks == "type":
        return {
            "nl": "Schrijf true of false, zonder aanhalingstekens.",
            "en": "Write true or false, without quotes.",
        }
    kinds = known.domains[name]
    return {
        "nl": f"Zet het bij iets van de soort {labels(kinds, 'nl')}.",
        "en": f"Tell it of something of the kind {labels(kinds, 'en')}.",
    }


@cache
def structure_properties() -> dict[str, tuple[str, bool]]:
    """Give what each structure shape looks at, by shape IRI: the property, and whether it is followed backwards."""
    found: dict[str, tuple[str, bool]] = {}
    inverse: dict[str, str] = {}
    paths = []
    for quad in ox.parse(structure_shapes(), format=ox.RdfFormat.TURTLE):
        subject, predicate, obj = str(quad.subject), str(quad.predicate), str(quad.object)
        if predicate == term("sh:inversePath"):
            inverse[subject] = obj
        elif predicate in (term("sh:path"), term("sh:targetSubjectsOf")):
            paths.append((iri(subject), obj))
    for shape, path in paths:
        found[shape] = (inverse.get(path, path), path in inverse)
    return found


def built_files() -> dict[Path, str]:
    """Give every file that `vereend build` writes, in shapes/ and in ontology/: the text it must hold."""
    return portable_files() | contexts.files()


def stale() -> list[Path]:
    """Give the built files that do not hold what they should."""
    return [path for path, text in built_files().items() if not path.exists() or path.read_text("utf-8") != text]


def build() -> list[Path]:
    """Write the built files that are stale, and give their paths."""
    files = built_files()
    written = stale()
    for path in written:
        with writing.whole(path) as temporary:
            temporary.write_text(files[path], "utf-8")
    return written
