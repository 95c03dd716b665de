"""The network holds every actor, power, mandate and safeguard once, with its sign, and the lines between them."""

import io
import json

import networkx
import pytest

from manifests import EXAMPLE
from vereend.networks import FORMATS, export, measures, network
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


@pytest.mark.parametrize("format_", FORMATS)
def test_every_export_holds_every_line(graph, format_):
    text = export(graph, format_, "en")
    lines = graph.number_of_edges()
    if format_ == "table":
        assert len(text.splitlines()) == lines
    elif format_ == "json":
        assert len(json.loads(text)["edges"]) == lines
    else:
        read_back = (networkx.read_graphml if format_ == "graphml" else networkx.read_gexf)(io.BytesIO(text.encode()))
        assert read_back.number_of_edges() == lines


def test_descriptions_can_be_looked_at_together():
    cases = [read(p) for p in sorted(EXAMPLE.parent.parent.glob("cases/*.ttl"))]
    together = network(cases)
    assert together.number_of_nodes() == len({n for case in cases for n in network(case)})
