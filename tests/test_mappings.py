"""What our terms are called elsewhere is told of terms we have, once, in one form, with who says so and how surely."""

import re

import pyoxigraph as ox
import pytest

from vereend import mappings, store
from vereend.errors import VereendError
from vereend.knowledge import load
from vereend.mappings import elsewhere, parse, path

MATCHES = {"exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"}
ALL = mappings.mappings()
SKOS = "http://www.w3.org/2004/02/skos/core#"


def rows() -> list[dict[str, str]]:
    lines = [line for line in path().read_text("utf-8").splitlines() if not line.startswith("#")]
    columns = lines[0].split("\t")
    assert all(line.count("\t") == lines[0].count("\t") for line in lines)
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]


def test_each_term_exists_and_is_called_in_the_table_what_it_is_called_here():
    kb = load()
    for row, mapping in zip(rows(), ALL, strict=True):
        assert kb.statements_of(mapping.subject), mapping.subject
        assert row["subject_label"] == kb.texts(mapping.subject)["en"]


def test_each_pair_is_told_once_and_completely():
    assert len({(m.subject, m.object) for m in ALL}) == len(ALL) > 70
    assert rows() == sorted(
        rows(), key=lambda r: (r["subject_id"], r["subject_label"], r["predicate_id"], r["object_id"])
    )
    for mapping in ALL:
        assert mapping.predicate.removeprefix(SKOS) in MATCHES
        assert mapping.author == "Vereend"
        assert 0 < mapping.confidence <= 1
        assert all(mapping.comment.values()) and mapping.label


def test_the_head_of_the_table_has_what_the_standard_asks():
    head = {line[2:].partition(":")[0] for line in path().read_text("utf-8").splitlines() if re.match(r"# \w", line)}

    assert {"curie_map", "license", "mapping_set_id", "mapping_set_version", "mapping_date"} <= head


def test_every_vocabulary_named_is_used():
    told = set(re.findall(r"^#\s{2,}([\w-]+): http", path().read_text("utf-8"), re.MULTILINE)) - {
        "property",
        "type_hint",
    }
    used = {row[column].partition(":")[0] for row in rows() for column in row if re.match(r"[\w-]+:\S+$", row[column])}

    assert told == used


def test_the_closest_match_comes_first():
    names = [m.name for m in elsewhere("https://w3id.org/vereend/ns#Act")]

    assert names == ["dpv-owl:Law", "eli:LegalResource", "lkif-norm:Statute", "lkif-norm:Treaty"]
    assert elsewhere("https://w3id.org/vereend/ns#nothing") == []


def test_the_graph_holds_each_with_its_comments_in_a_graph_of_its_own():
    found = load().store.query(
        "SELECT ?c WHERE { GRAPH ?g { ?a owl:annotatedSource vrd:Partnership ; rdfs:comment ?c ;"
        " owl:annotatedTarget org:OrganizationalCollaboration } }",
        prefixes={
            "owl": "http://www.w3.org/2002/07/owl#",
            "vrd": "https://w3id.org/vereend/ns#",
            "org": "http://www.w3.org/ns/org#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        },
        named_graphs=[store.graph_name("mappings")],
    )

    assert {row["c"].language for row in found} == {"nl", "en"}
    graph = store.graph_name("mappings")
    direct = [q for q in load().store.quads_for_pattern(None, None, None, graph) if q.predicate.value.startswith(SKOS)]
    assert len(direct) == len(ALL)


def test_no_reasoner_sees_them():
    from vereend.form_reasoning import logical_part

    assert "http://www.w3.org/ns/org#" not in logical_part()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("#   org: http://www.w3.org/ns/org#\n", ""), "has a prefix that is not told"),
        (("\tcomment\t", "\tremark\t"), "is a column that is missing"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(change, problem):
    text = path().read_text("utf-8")
    assert text.replace(*change) != text

    with pytest.raises(VereendError, match=problem):
        parse(text.replace(*change), "table")


def test_the_blank_nodes_of_the_graph_are_the_mappings_alone():
    axioms = {q.subject for q in mappings.quads(store.graph_name("mappings")) if isinstance(q.subject, ox.BlankNode)}

    assert len(axioms) == len(ALL)
