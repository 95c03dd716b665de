"""What the graph is, as data: licence, version, parts, counts and where to ask, for catalogues and editors.

VoID (W3C Interest Group Note, 2011) with DCAT 3, in the terms that DCAT-AP-NL asks for. What DCAT-AP-NL demands and
nobody has told us, a point of contact, is left out rather than made up.
"""

from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from vereend.citing import work
from vereend.store import GRAPH
from vereend.terms import BASE, NAMESPACES, TYPE, iri

if TYPE_CHECKING:
    from vereend.knowledge import Knowledge

DATASET = BASE + "dataset"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_Value = str | int | ox.Literal | ox.BlankNode
PREFIXES = {
    **{name: space for name, space in NAMESPACES.items() if name != "may"},
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
}
_TITLE = {
    "nl": "Vereend: actoren, bevoegdheden en waarborgen in publiek-private samenwerking voor politietaken",
    "en": "Vereend: actors, powers and safeguards in public-private partnerships for police tasks",
}
_ABOUT = {
    "nl": "Kennisgraaf met een ontologie, rechtsstatelijke regels, beschreven samenwerkingen, wetsbepalingen en "
    "uitspraken van een onderzoeksrapport in eigen woorden, elk met vindplaats.",
    "en": "Knowledge graph with an ontology, rule-of-law rules, described partnerships, provisions of law, and the "
    "claims of a research report in words of our own, each with its place.",
}


class _Say(Protocol):
    def __call__(self, subject: str | ox.BlankNode, predicate: str, *values: _Value) -> None: ...


class _Telling:
    """Statements as they are said: IRIs as text, numbers as they are."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def say(self, subject: str | ox.BlankNode, predicate: str, *values: _Value) -> None:
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        for value in values:
            end: ox.NamedNode | ox.BlankNode | ox.Literal
            if isinstance(value, str):
                end = ox.NamedNode(value)
            else:
                end = ox.Literal(value) if isinstance(value, int) else value
            self.triples.append(ox.Triple(node, ox.NamedNode(_full(predicate)), end))


def describe(knowledge: "Knowledge", root: str) -> list[ox.Triple]:
    """Describe the graph, its parts and its services.

    Args:
        root: address of the viewer, ending in a slash.
    """
    made, told = work(), _Telling()
    say = told.say
    catalogue, service, publisher = BASE + "catalogue", BASE + "service/sparql", BASE + "publisher"
    texts = {
        "dct:title": [ox.Literal(text, language=lang) for lang, text in _TITLE.items()],
        "dct:description": [ox.Literal(text, language=lang) for lang, text in _ABOUT.items()],
    }
    for subject, kinds in ((catalogue, ["dcat:Catalog"]), (DATASET, ["dcat:Dataset", "void:Dataset"])):
        say(subject, "rdf:type", *map(_full, kinds))
        for predicate, values in texts.items():
            say(subject, predicate, *values)
        say(subject, "dct:publisher", publisher)
        say(subject, "dct:language", _AUTHORITY + "language/NLD", _AUTHORITY + "language/ENG")
    say(catalogue, "dcat:dataset", DATASET)
    say(catalogue, "dcat:service", service)
    say(catalogue, "dct:license", "https://creativecommons.org/licenses/by/4.0/")
    say(publisher, "rdf:type", _full("foaf:Agent"))
    say(publisher, "foaf:name", *map(ox.Literal, made.authors))

    say(DATASET, "dct:identifier", ox.Literal(DATASET))
    say(DATASET, "dct:creator", publisher)
    say(DATASET, "dct:license", "https://creativecommons.org/licenses/by/4.0/")
    say(DATASET, "dct:accessRights", _AUTHORITY + "access-right/PUBLIC")
    say(DATASET, "dcat:theme", _AUTHORITY + "data-theme/JUST")
    say(DATASET, "dcat:version", ox.Literal(made.version))
    if made.released:
        day = ox.Literal(made.released, datatype=ox.NamedNode(NAMESPACES["xsd"] + "date"))
        say(DATASET, "dct:issued", day)
    say(DATASET, "foaf:homepage", root)
    say(DATASET, "void:sparqlEndpoint", root + "sparql")
    say(DATASET, "void:uriSpace", ox.Literal(BASE))
    say(DATASET, "void:vocabulary", NAMESPACES["vrd"].rstrip("#"), NAMESPACES["skos"])
    say(DATASET, "void:exampleResource", BASE + "rule/R13", BASE + "concept/coercion", BASE + "claim/C200")
    say(DATASET, "void:feature", "http://www.w3.org/ns/formats/Turtle", "http://www.w3.org/ns/formats/JSON-LD")
    _count(knowledge, say)

    for name in sorted(str(graph)[1:-1] for graph in knowledge.store.named_graphs()):
        path = name.removeprefix(BASE)
        number = sum(1 for _ in knowledge.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
        say(DATASET, "void:subset", name)
        say(name, "rdf:type", _full("void:Dataset"))
        say(name, "dct:title", ox.Literal(name.removeprefix(GRAPH), language="en"))
        say(name, "void:triples", number)
        say(name, "void:dataDump", f"{root}data/{path}.ttl")
        for ending, form, media in (("ttl", "RDF_TURTLE", "text/turtle"), ("jsonld", "JSON_LD", "application/ld+json")):
            address = f"{root}data/{path}.{ending}"
            say(DATASET, "dcat:distribution", address)
            say(address, "rdf:type", _full("dcat:Distribution"))
            say(address, "dcat:accessURL", address)
            say(address, "dcat:downloadURL", address)
            say(address, "dct:format", _AUTHORITY + "file-type/" + form)
            say(address, "dcat:mediaType", "https://www.iana.org/assignments/media-types/" + media)
            say(address, "dct:license", "https://creativecommons.org/licenses/by/4.0/")

    say(service, "rdf:type", _full("dcat:DataService"))
    say(service, "dct:title", ox.Literal("SPARQL", language="en"), ox.Literal("SPARQL", language="nl"))
    say(service, "dcat:endpointURL", root + "sparql")
    say(service, "dcat:endpointDescription", root + "openapi.json")
    say(service, "dcat:servesDataset", DATASET)
    say(service, "dct:license", "https://creativecommons.org/licenses/by/4.0/")
    return told.triples


def _count(knowledge: "Knowledge", say: "_Say") -> None:
    """Count statements, things, and the members of each class and uses of each property, as editors offer them."""
    inferred = ox.NamedNode(GRAPH + "inferred")
    classes: dict[str, set[str]] = {}
    properties: dict[str, int] = {}
    triples = {quad.triple for quad in knowledge.store if quad.graph_name != inferred}
    for triple in triples:
        predicate = str(triple.predicate)
        properties[predicate] = properties.get(predicate, 0) + 1
        if predicate == TYPE:
            classes.setdefault(str(triple.object), set()).add(str(triple.subject))
    say(DATASET, "void:triples", len(triples))
    say(DATASET, "void:distinctSubjects", len({str(triple.subject) for triple in triples}))
    say(DATASET, "void:classes", len(classes))
    say(DATASET, "void:properties", len(properties))
    named = sorted(pair for pair in classes.items() if pair[0].startswith("<"))
    for place, (spelled, members) in enumerate(named):
        part = ox.BlankNode(f"class{place}")
        say(DATASET, "void:classPartition", part)
        say(part, "void:class", iri(spelled))
        say(part, "void:entities", len(members))
    for place, (spelled, number) in enumerate(sorted(properties.items())):
        part = ox.BlankNode(f"property{place}")
        say(DATASET, "void:propertyPartition", part)
        say(part, "void:property", iri(spelled))
        say(part, "void:triples", number)


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
