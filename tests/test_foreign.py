"""Shapes of others get verdicts too: what the file contradicts is violated, what it only leaves out is not told.

The table of rules stands in vereend/certainty.py; here is a case of each line. No engine is let loose on a network.
"""

import json

import pyoxigraph as ox
import pytest

from vereend.confined import confined
from vereend.errors import QueryTimeout, VereendError
from vereend.foreign import choose, find, report_on, validate_by
from vereend.formats import NAMES as FORMS
from vereend.paths import path_text, path_turtle
from vereend.reading import Description, parse
from vereend.report import Report
from vereend.shape_graph import ShapeGraph
from vereend.verdicts import Verdict

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
PERSON = ":S a sh:NodeShape ; sh:targetClass :Person ; sh:property :P . :P sh:path :knows ; "


def described(text: str) -> Description:
    return parse(HEAD + text, "data.ttl", "turtle", foreign=True)


def shaped(text: str) -> ShapeGraph:
    return ShapeGraph([parse(HEAD + text, "shapes.ttl", "turtle", foreign=True)])


def judged(shapes: str, data: str, engine: str = "auto") -> list[Verdict]:
    graph, description = shaped(shapes), described(data)
    results = find(description.statements, graph.text, choose(graph, engine))
    return list(report_on(description, graph, results).partnerships[0].verdicts)


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize(
    ("demand", "data", "verdict"),
    [
        ("sh:minCount 1", "", "not told"),
        ("sh:minCount 1", ":a vrd:completeFor :knows .", "violated"),
        ("sh:minCount 2 ; sh:maxCount 1", ":a :knows :b .", "violated"),
        ("sh:minCount 1", ":a :knows :b .", "satisfied"),
        ("sh:maxCount 1", ":a :knows :b , :c .", "violated"),
        ("sh:hasValue :b", ":a :knows :c .", "not told"),
        ("sh:hasValue :b ; sh:maxCount 1", ":a :knows :c .", "violated"),
        ("sh:class :Person", ":a :knows :b .", "not told"),
        ("sh:class :Person", ":a :knows :b . :b rdfs:label 'b' .", "not told"),
        ("sh:class :Person", ":a :knows :b . :b a :Dog .", "violated"),
        ("sh:class :Person", ":a :knows 'b' .", "violated"),
        ("sh:class :Person", ":a :knows :b . :b a :Officer . :Officer rdfs:subClassOf :Person .", "satisfied"),
        ("sh:class vrd:Actor", ":a :knows :b . :b a vrd:PublicBody .", "not told"),
        ("sh:datatype xsd:date", ":a :knows 'b' .", "violated"),
        ("sh:nodeKind sh:IRI", ":a :knows 'b' .", "violated"),
        ("sh:in (:c)", ":a :knows :b .", "violated"),
        ("sh:pattern '^x'", ":a :knows 'b' .", "violated"),
        ("sh:equals :likes", ":a :knows :b .", "not told"),
        ("sh:equals :likes", ":a :knows :b . :a vrd:completeFor :likes .", "violated"),
        ("sh:equals :likes", ":a :knows :b . :a vrd:completeFor :knows .", "not told"),
        ("sh:disjoint :likes", ":a :knows :b ; :likes :b .", "violated"),
        ("sh:uniqueLang true", ":a :knows 'b'@en , 'c'@en .", "violated"),
        ("sh:lessThan :likes", ":a :knows 2 ; :likes 1 .", "violated"),
        ("sh:node [ sh:class :Person ]", ":a :knows :b .", "not told"),
        ("sh:node [ sh:class :Person ]", ":a :knows 'b' .", "violated"),
        ("sh:node [ sh:property [ sh:path :likes ; sh:minCount 1 ] ]", ":a :knows :b .", "not told"),
        ("sh:or ( [ sh:class :Person ] [ sh:datatype xsd:date ] )", ":a :knows :b .", "not told"),
        ("sh:or ( [ sh:class :Person ] [ sh:datatype xsd:date ] )", ":a :knows :b . :b a :Dog .", "violated"),
        ("sh:and ( [ sh:class :Person ] [ sh:minLength 99 ] )", ":a :knows :b .", "violated"),
        ("sh:xone ( [ sh:class :Person ] [ sh:datatype xsd:date ] )", ":a :knows :b .", "not told"),
        ("sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:minLength 1 ] )", ":a :knows :b .", "violated"),
        ("sh:not [ sh:nodeKind sh:IRI ]", ":a :knows :b .", "violated"),
        ("sh:not [ sh:property [ sh:path :likes ; sh:maxCount 0 ] ]", ":a :knows :b .", "not told"),
        ("sh:not [ sh:property [ sh:path :likes ; sh:minCount 1 ] ]", ":a :knows :b . :b :likes :c .", "violated"),
        ("sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMinCount 1", ":a :knows :b .", "not told"),
        (
            "sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMinCount 1",
            ":a :knows :b ; vrd:completeFor :knows .",
            "not told",
        ),
        (
            "sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMinCount 1",
            ":a :knows :b ; vrd:completeFor :knows . :b a :Cat .",
            "violated",
        ),
        ("sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMaxCount 0", ":a :knows :b . :b a :Dog .", "violated"),
        (
            "sh:qualifiedValueShape [ sh:property [ sh:path :likes ; sh:maxCount 0 ] ] ; sh:qualifiedMaxCount 0",
            ":a :knows :b .",
            "not told",
        ),
        (
            "sh:sparql [ sh:select 'SELECT $this { $this <http://example.org/knows> $this }' ]",
            ":a :knows :a .",
            "violated",
        ),
        (
            "sh:sparql [ sh:select 'SELECT $this { FILTER NOT EXISTS { $this <http://example.org/knows> ?b } }' ]",
            "",
            "not told",
        ),
    ],
)
def test_what_is_contradicted_is_told_from_what_is_left_out(demand: str, data: str, verdict: str, engine: str):
    found = judged(f"{PERSON} {demand} .", f":a a :Person . {data}", engine)

    assert {v.verdict for v in found if v.focus == "<http://example.org/a>" and v.shape.endswith("/P")} == {verdict}


def test_a_closed_shape_names_what_does_not_belong():
    (found,) = judged(":S a sh:NodeShape ; sh:targetNode :a ; sh:closed true .", ":a :knows :b .")

    assert (found.verdict, found.result.path, found.value) == (
        "violated",
        "<http://example.org/knows>",
        "<http://example.org/b>",
    )


def test_a_shape_about_nothing_is_not_applicable():
    (found,) = judged(f"{PERSON} sh:minCount 1 .", ":a a :Dog .")

    assert found.verdict == "not applicable"


def test_what_was_examined_says_how_much_there_was_to_look_at():
    found = judged(f"{PERSON} sh:datatype xsd:date .", ":a a :Person .")

    assert [v.verdict for v in found] == ["satisfied"]
    assert found[0].message["en"] == "a: examined, nothing reported (values of :knows: 0)."


def test_each_step_down_is_examined_and_what_is_switched_off_is_not():
    shapes = f"{PERSON} sh:minCount 1 ; sh:property :Q , :R . :Q sh:path :likes ; sh:maxCount 1 . "
    shapes += ":R sh:path :likes ; sh:minCount 9 ; sh:deactivated true ."

    found = judged(shapes, ":a a :Person ; :knows :b .")
    assert {(v.rule.number, v.focus[-2], v.verdict) for v in found} == {
        (":P", "a", "satisfied"),
        (":Q", "b", "satisfied"),
    }


def test_messages_are_those_of_the_shape_in_its_languages_and_ours_elsewhere():
    words = "'Wen kennt {$this}? Nicht {?value}'@de , '{$class} gevraagd'@nl"
    shapes = f"{PERSON} sh:class :Person ; sh:message {words} ."

    (found,) = [v for v in judged(shapes, ":a a :Person ; rdfs:label 'Ada'@en ; :knows :b .") if v.is_result]
    assert found.message == {
        "de": "Wen kennt Ada? Nicht :b",
        "nl": "Ada: :Person gevraagd.",
        "en": "Ada: of which kind :b is, is not told; :Person is asked.",
    }


def test_a_message_in_no_language_serves_all():
    (found,) = judged(f"{PERSON} sh:minCount 1 ; sh:message 'too few' .", ":a a :Person .")

    assert found.message == {"nl": "a: too few.", "en": "a: too few."}


def test_things_without_a_name_stay_without_one():
    shapes = f"{PERSON} sh:nodeKind sh:BlankNode ; sh:minCount 1 ."

    assert {v.verdict for v in judged(shapes, ":a a :Person ; :knows [ :likes :b ] .")} == {"satisfied"}
    nameless = judged(shapes, "[] a :Person .", "pyshacl")
    assert [(v.verdict, v.message["en"]) for v in nameless] == [
        ("not told", "something without a name: :knows: fewer than 1 values told.")
    ]


def test_the_reference_names_what_the_fast_engine_cannot():
    report = validate_by([described("[] a :Person .")], shaped(f"{PERSON} sh:minCount 1 ."))

    assert report.engine == "pyshacl"
    with pytest.raises(VereendError, match="which the engine fast loses"):
        validate_by([described("[] a :Person .")], shaped(f"{PERSON} sh:minCount 1 ."), engine="fast")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_form_of_a_report_can_be_written(form: str, lang: str):
    shapes = shaped(
        f"{PERSON} sh:minCount 1 ; sh:severity :Grave . :T a sh:NodeShape ; sh:targetClass :Dog ; sh:closed true ."
    )
    graph = shapes.text, choose(shapes, "auto")
    told = report_on(described(":a a :Person ."), shapes, find(described(":a a :Person .").statements, *graph))

    assert "knows" in Report("fast", "2026-11-24", (told,)).to(form, lang)


def test_a_report_is_the_one_of_shacl_and_shacl_reads_it_back():
    graph, data = shaped(f"{PERSON} sh:minCount 1 ."), described(":a a :Person .")
    report = validate_by([data], graph)
    (verdict,) = report.to_dict()["files"][0]["partnerships"][0]["verdicts"]

    assert (report.engine, report.conforms) == ("fast", False)
    assert (verdict["verdict"], verdict["path"], verdict["component"], verdict["severity"]) == (
        "not told",
        "<http://example.org/knows>",
        "MinCountConstraintComponent",
        "Violation",
    )
    assert json.loads(report.to_json())["conforms"] is False
    assert ":P: […] not told (violation)" in report.to_text("en")
    quads = list(ox.parse(report.to_turtle(), format=ox.RdfFormat.TURTLE))
    assert {q.object.value for q in quads if q.predicate.value.endswith("#resultPath")} == {"http://example.org/knows"}


@pytest.mark.parametrize(
    ("shapes", "where", "problem"),
    [
        (":a :knows :b .", "", "holds no shapes"),
        (PERSON + "sh:minCount 1 ; sh:reifierShape :R .", "sh:reifierShape", "is not evaluated here"),
        (
            ":S a sh:NodeShape ; sh:targetNode :a ; sh:rule [ a sh:TripleRule ] .",
            "sh:TripleRule",
            "is not evaluated here",
        ),
        (":S a sh:NodeShape ; sh:targetNode :a ; sh:node :S .", ":S", "refers to itself"),
        (
            PERSON + "sh:sparql [ sh:select 'SELECT $this { SERVICE <http://x> {} }' ] .",
            "",
            "has a query that uses SERVICE",
        ),
        (
            PERSON + r"sh:sparql [ sh:select 'SELECT $this { \\u0053ERVICE <http://x> {} }' ] .",
            "",
            "has a query with SERVICE",
        ),
        (
            PERSON + "sh:sparql [ sh:select 'SELECT $this FROM <http://x> { $this ?p ?o }' ] .",
            "",
            "has a query with FROM",
        ),
        (PERSON + "sh:sparql [ sh:select 'SELECT $this {' ] .", "", "has a query that is not well-formed"),
        (PERSON + "sh:sparql [ sh:select 'DELETE WHERE { ?a ?b ?c }' ] .", "", "has a query that is an update"),
    ],
)
def test_what_cannot_be_run_is_refused(shapes: str, where: str, problem: str):
    with pytest.raises(VereendError) as caught:
        shaped(shapes)

    assert where in caught.value.where
    assert caught.value.problem.startswith(problem)


def test_imports_are_not_followed_and_do_not_hinder():
    found = judged(f"<http://x> owl:imports <http://localhost:1/> . {PERSON} sh:minCount 1 .", ":a a :Person .")

    assert [v.verdict for v in found] == ["not told"]


def test_an_engine_is_not_given_what_it_is_not_trusted_with():
    shapes = shaped(PERSON + "sh:sparql [ sh:select 'SELECT $this { GRAPH $shapesGraph { $this ?p ?o } }' ] .")

    assert choose(shapes, "auto") == "fast"
    with pytest.raises(VereendError, match="not trusted to the engine pyshacl"):
        choose(shapes, "pyshacl")


def test_a_query_without_end_is_ended():
    far = (
        "SELECT $this { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . FILTER(?a = ?c && ?d = ?m && ?g = ?l) }"
    )
    data = described("".join(f":a{i} a :Person ; :knows :a{i + 1} ." for i in range(60)))

    with pytest.raises(QueryTimeout) as caught:
        validate_by([data], shaped(f"{PERSON} sh:sparql [ sh:select '{far}' ] ."), engine="pyshacl", timeout_s=3)
    assert "data.ttl" in caught.value.where


def test_a_confined_function_opens_no_network():
    with pytest.raises(VereendError, match="no network"):
        confined(call_out, seconds=20)


def call_out() -> None:
    import urllib.request

    urllib.request.urlopen("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "path",
    ["<a:b>", "^<a:b>", "(<a:b>/<a:c>)", "(<a:b>|^<a:c>)", "((<a:b>/<a:c>))+", "^(<a:b>)?", "(((<a:b>|<a:c>))*/<a:d>)"],
)
def test_a_path_is_spelled_the_same_after_a_turn_through_turtle(path: str):
    values: dict[tuple[str, str], list[str]] = {}
    for q in ox.parse(HEAD + f":P sh:path {path_turtle(path)} .", format=ox.RdfFormat.TURTLE):
        values.setdefault((str(q.subject), str(q.predicate)), []).append(str(q.object))
    (start,) = values["<http://example.org/P>", "<http://www.w3.org/ns/shacl#path>"]

    assert path_text(start, lambda s, p: values.get((s, p), [])) == path


def test_several_files_of_shapes_keep_their_nameless_parts_apart():
    first = parse(
        HEAD + ":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount 1 ] .", "1", foreign=True
    )
    other = parse(
        HEAD + ":T a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :q ; sh:minCount 1 ] .", "2", foreign=True
    )
    graph, data = ShapeGraph([first, other]), described(":a :p :b .")

    verdicts = report_on(data, graph, find(data.statements, graph.text, "fast")).partnerships[0].verdicts
    assert {(v.rule.number, v.verdict) for v in verdicts} == {(":S :p", "satisfied"), (":T :q", "not told")}
