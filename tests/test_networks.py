"""The network holds every actor, power, mandate and safeguard once, with its sign, and the lines between them."""

import csv
import io
import json
from xml.etree import ElementTree

import networkx
import pytest

from manifests import EXAMPLE
from vereend.errors import VereendError
from vereend.network_drawing import layered
from vereend.network_walks import Choice, around, find, measures, narrowed, way, way_text
from vereend.networks import FORMATS, export, network
from vereend.reading import read

KG = "https://w3id.org/vereend/kg/veilig-plein/"


@pytest.fixture(scope="module")
def graph():
    return network(read(EXAMPLE))


def test_things_have_kind_sign_and_labels(graph):
    signs = {name.rsplit("/", 1)[1]: data["sign"] for name, data in graph.nodes(data=True)}
    assert signs["police"] == "police"
    assert signs["shops"] == "private"
    assert signs["municipality"] == "actor"
    assert signs["pos-ban"] == "power"
    assert signs["oversight"] == "safeguard"
    assert signs["covenant"] == "mandate"
    assert "p-shops" not in signs  # a participation is a line, not a thing
    assert all(data["label_nl"] and data["label_en"] for _, data in graph.nodes(data=True))


def test_lines_lead_from_who_to_what(graph):
    lines = {(a.rsplit("/", 1)[1], d["line"], b.rsplit("/", 1)[1]) for a, b, d in graph.edges(data=True)}
    assert lines >= {
        ("shops", "works-with", "pps"),
        ("shops", "has-power", "pos-ban"),
        ("pos-ban", "mandate", "covenant"),
        ("pos-ban", "basis", "house-rules"),
        ("pps", "safeguard", "oversight"),
        ("committee", "tie", "council"),
    }


def test_a_power_that_does_not_coerce_is_drawn_open(tmp_path):
    text = EXAMPLE.read_text("utf-8").replace("vrd:powerType vc:location-ban", "vrd:powerType vc:record-images")
    file = tmp_path / "soft.ttl"
    file.write_text(text)
    assert network(read(file)).nodes[KG + "pos-ban"]["sign"] == "power-soft"


def test_measures_are_what_they_say(graph):
    found = measures(graph)
    assert found[KG + "committee"]["degree"] == 4
    assert all(0 <= m["betweenness"] <= 1 for m in found.values())


def test_brokers_are_measured_as_networkx_does(graph):
    plain = networkx.Graph(graph.to_undirected())
    constraint, effective = networkx.constraint(plain), networkx.effective_size(plain)
    for name, found in measures(graph).items():
        assert found["constraint"] == pytest.approx(constraint[name], abs=0.001)
        assert found["effective"] == pytest.approx(effective[name], abs=0.01)


def test_a_line_carries_what_it_rests_on():
    case = network(read(EXAMPLE.parent.parent / "cases/shoplifting.ttl"))
    claims = {data["claims"] for _, _, data in case.edges(data=True) if data["line"] == "has-power"}
    assert claims == {"C049 C146", "C144 C145 C213"}


def test_a_way_is_told_as_its_statements_are(graph):
    start, end = find(graph, "Beveiliging BV"), find(graph, "gemeenteraad")
    steps = way(graph, start, end)
    assert [start, end] == [steps[0].source, steps[-1].target]
    assert all(graph.has_edge(step.source, step.target) for step in steps)
    assert way_text(graph, start, end, "nl").splitlines()[-1] == "  commissie van drie is benoemd door gemeenteraad"
    assert len(way(graph, end, start)) == len(steps)
    assert way(graph, start, start) == []


def test_a_thing_is_found_by_what_it_is_called(graph):
    assert find(graph, "kg:committee") == find(graph, "commissie van drie") == KG + "committee"
    assert find(graph, "COMMITTEE OF THREE") == KG + "committee"
    with pytest.raises(VereendError, match="is the name of several things"):
        find(graph, "plein")
    with pytest.raises(VereendError, match="is not in this network"):
        find(graph, "nobody")


def test_around_a_thing_stands_what_lies_within_so_many_lines(graph):
    one, two = (around(graph, KG + "committee", hops) for hops in (1, 2))
    plain = graph.to_undirected()
    assert set(one) == {KG + "committee", *plain[KG + "committee"]}
    assert set(one) < set(two)


@pytest.mark.parametrize(
    ("choice", "gone", "left"),
    [
        (Choice(signs=frozenset({"power", "private"})), "covenant", "pos-ban"),
        (Choice(role="role-executor"), "shops", "security"),
        (Choice(power="location-ban"), "pos-detain", "pos-ban"),
        (Choice(power="coercion"), "pos-damages", "pos-detain"),
        (Choice(safeguard="ComplaintRoute"), "oversight", "complaints"),
    ],
)
def test_a_choice_leaves_out_what_was_not_chosen(graph, choice, gone, left):
    names = {name.rsplit("/", 1)[1] for name in narrowed(graph, choice)}
    assert left in names
    assert gone not in names


def test_another_phase_leaves_nothing_of_a_partnership(graph):
    assert not list(narrowed(graph, Choice(phase="phase-initial")))
    assert set(narrowed(graph, Choice(phase="phase-consolidation"))) == set(graph)


def test_the_layered_drawing_is_the_same_each_time_and_gives_each_thing_its_place(graph):
    places = layered(graph)
    assert set(places) == set(graph)
    assert len(set(places.values())) == len(places)
    shuffled = networkx.MultiDiGraph()
    shuffled.add_nodes_from(reversed(list(graph.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert layered(shuffled) == places
    assert export(shuffled, "svg", "nl") == export(graph, "svg", "nl")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_export_holds_every_line(graph, format_):
    text = export(graph, format_, "en")
    lines = graph.number_of_edges()
    if format_ == "table":
        assert len(text.splitlines()) == lines
    elif format_ == "json":
        assert len(json.loads(text)["edges"]) == lines
    elif format_ == "csv":
        assert len(list(csv.DictReader(io.StringIO(text)))) == lines
    elif format_ == "svg":
        drawn = ElementTree.fromstring(text)
        assert len(drawn.findall("{*}path")) == lines
        assert len(drawn.findall("{*}g")) == graph.number_of_nodes()
    else:
        read_back = (networkx.read_graphml if format_ == "graphml" else networkx.read_gexf)(io.BytesIO(text.encode()))
        assert read_back.number_of_edges() == lines


def test_descriptions_can_be_looked_at_together():
    cases = [read(p) for p in sorted(EXAMPLE.parent.parent.glob("cases/*.ttl"))]
    together = network(cases)
    assert together.number_of_nodes() == len({n for case in cases for n in network(case)})
