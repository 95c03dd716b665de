"""The network of actors, powers, mandates and safeguards of a description, as a graph to draw, measure and export.

Nodes and lines are derived from statements by the tables below; participations fold into a line between the actor and
the partnership.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vereend.reading import Description
from vereend.terms import FROM, LANGUAGES, NAMESPACES, TYPE, UNTIL, Statement, iri, literal, local_name, term
from vereend.vocabulary import Vocabulary, vocabulary
from vereend.wording import Words

if TYPE_CHECKING:
    import networkx

# kind of node -> classes; the first that fits, in this order
KINDS = {
    "partnership": ("Partnership",),
    "actor": ("Actor",),
    "power": ("LegalPosition",),
    "mandate": ("Mandate",),
    "safeguard": ("Safeguard",),
    "law": ("CitedBasis",),
}
# property -> kind of line, as the viewer draws it
LINES = {
    "hasSafeguard": "safeguard",
    "underMandate": "mandate",
    "grantedBy": "mandate",
    "mandate": "mandate",
    "legalBasis": "basis",
    "exercisedBy": "safeguard",
    "fundedBy": "tie",
    "appointedBy": "tie",
    "partOf": "tie",
    "seatHeldBy": "tie",
    "controlledBy": "tie",
}
_SIGNS = (
    ("PoliceOrganisation", "police"),
    ("PrivateActor", "private"),
    ("CivilSocietyActor", "civil"),
    ("Foundation", "civil"),
)


def actor_sign(kind: str) -> str:
    """Give the mark an actor of a kind is drawn with: police, private, civil, or actor for other bodies."""
    above = vocabulary().kinds(kind)
    return next((mark for name, mark in _SIGNS if term(f"vrd:{name}") in above), "actor")


def network(source: Description | Iterable[Description]) -> "networkx.MultiDiGraph[str]":
    """Give the network of one or more descriptions.

    Returns:
        Nodes by IRI with `kind` (a key of KINDS), `sign` (the mark it is drawn with), `label_nl`, `label_en`, and what
        they can be chosen by, as local names with spaces between: `roles` of an actor, `powers` a power falls under,
        `kinds` of thing it is, `phase` of a partnership. Edges with `predicate` (IRI), `line` (has-power, works-with,
        or a value of LINES), `label_nl`, `label_en`, and what they rest on: `claims` (numbers, spaces between), `since`
        and `until` (ISO 8601; "" where not told) of the thing that the line is told of.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for description in [source] if isinstance(source, Description) else source:
        _add(graph, description.statements, vocabulary())
    return graph


def _add(graph: "networkx.MultiDiGraph[str]", statements: frozenset[Statement], known: Vocabulary) -> None:
    from vereend.readings import background

    everything = statements | background(statements, known)
    words = Words(statements, known)
    kinds: dict[str, set[str]] = {}
    told: dict[tuple[str, str], set[str]] = {}
    participations: dict[str, list[str]] = {}
    for s in everything:
        told.setdefault((s.subject, s.predicate), set()).add(s.object)
        if s.predicate == TYPE:
            kinds.setdefault(s.subject, set()).update(known.kinds(s.object))
        elif s.predicate == term("vrd:participant"):
            participations.setdefault(s.object, []).append(s.subject)

    def of_kind(name: str, *classes: str) -> bool:
        return bool(kinds.get(name, set()) & {term(f"vrd:{c}") for c in classes})

    def node(name: str) -> bool:
        kind = next((k for k, classes in KINDS.items() if of_kind(name, *classes)), None)
        if kind is None:
            return False
        if iri(name) not in graph:
            graph.add_node(
                iri(name),
                kind=kind,
                sign=sign(name, kind),
                **{f"label_{lang}": words.label(name, lang) for lang in LANGUAGES},
                **traits(name),
            )
        return True

    def traits(name: str) -> dict[str, str]:
        roles = {role for p in participations.get(name, ()) for role in values(p, "role")}
        powers = {wider for power in values(name, "powerType") for wider in known.broader_all.get(power, {power})}
        found = {"roles": roles, "powers": powers, "kinds": kinds.get(name, set()), "phase": values(name, "phase")}
        return {trait: " ".join(sorted(map(local_name, told))) for trait, told in found.items()}

    def values(subject: str, name: str) -> set[str]:
        return told.get((subject, term(f"vrd:{name}")), set())

    def day(subject: str, predicate: str) -> str:
        found = [text.value for value in told.get((subject, predicate), ()) if (text := literal(value))]
        return min(found, default="")

    def claims(subject: str) -> str:
        sources = told.get((subject, term("prov:wasDerivedFrom")), set())
        return " ".join(sorted(local_name(one) for one in sources if iri(one).startswith(NAMESPACES["src"])))

    def sign(name: str, kind: str) -> str:
        if kind == "actor":
            signs = {actor_sign(kind) for kind in told.get((name, TYPE), ())}
            return next((mark for _, mark in _SIGNS if mark in signs), "actor")
        if kind == "power":
            coercive = any(
                term("vc:coercion") in known.broader_all.get(power, set()) for power in values(name, "powerType")
            )
            return "power" if coercive else "power-soft"
        return "vereend" if kind == "partnership" else kind

    def line(start: str, predicate: str, end: str, how: str, bearer: str, label: str | None = None) -> None:
        if node(start) and node(end) and not graph.has_edge(iri(start), iri(end), iri(predicate)):
            texts = {f"label_{lang}": words.label(label or predicate, lang) for lang in LANGUAGES}
            rests = {"claims": claims(bearer), "since": day(bearer, FROM), "until": day(bearer, UNTIL)}
            graph.add_edge(
                iri(start), iri(end), key=iri(predicate), predicate=iri(predicate), line=how, **texts, **rests
            )

    participant = {s.subject: s.object for s in statements if s.predicate == term("vrd:participant")}
    for subject, predicate, obj in sorted(statements):
        name = predicate.removeprefix(term("vrd:")[:-1]).removesuffix(">")
        if name == "hasParticipation" and obj in participant:
            line(participant[obj], term("vrd:participatesIn"), subject, "works-with", obj)
        elif name == "holder" and obj in participant:
            line(participant[obj], predicate, subject, "has-power", subject, term("vrd:hasPosition"))
        elif name in LINES:
            line(subject, predicate, obj, LINES[name], obj if name == "hasSafeguard" else subject)


FORMATS = ("table", "json", "csv", "graphml", "gexf", "svg")
COLUMNS = ("from", "from_iri", "line", "predicate", "to", "to_iri", "since", "until", "claims")


def export(graph: "networkx.MultiDiGraph[str]", format: str, lang: str) -> str:
    """Write a network as text.

    Args:
        format: one of FORMATS; "svg" is the layered drawing, the same each time.
    """
    import csv
    import io
    import json

    import networkx

    if format == "json":
        return json.dumps(networkx.node_link_data(graph, edges="edges"), ensure_ascii=False, indent=2)
    if format in ("graphml", "gexf"):
        buffer = io.BytesIO()
        (networkx.write_graphml if format == "graphml" else networkx.write_gexf)(graph, buffer)
        return buffer.getvalue().decode()
    label = f"label_{lang}"
    if format == "svg":
        from vereend.network_drawing import svg

        return svg(graph, lang)
    if format == "csv":
        from vereend.formats.spreadsheet import guarded

        out = io.StringIO()
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for start, end, data in sorted(graph.edges(data=True), key=str):
            names = [graph.nodes[n][label] for n in (start, end)]
            rests = [data[key] for key in ("since", "until", "claims")]
            row = [names[0], start, data[label], data["predicate"], names[1], end, *rests]
            table.writerow([guarded(cell) for cell in row])
        return out.getvalue()
    rows = [
        f"{graph.nodes[start][label]}\t{data[label]}\t{graph.nodes[end][label]}"
        for start, end, data in sorted(graph.edges(data=True), key=str)
    ]
    return "\n".join(rows)
