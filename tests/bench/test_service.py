"""What it costs to have queries answered by another process, which can be killed, instead of in this one."""

import contextlib
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from bench.measuring import by_turns, keep, ratio
from generated import generate, rename
from vereend import store
from vereend.data_folder import DataFolder
from vereend.errors import QueryTimeout
from vereend.knowledge import load
from vereend.service import Limits, QueryService, choose_type, evaluate, query_form
from vereend.slow_queries import advice
from vereend.store import Upload
from vereend.stored_queries import queries
from vereend.terms import CASES

pytestmark = pytest.mark.bench

MANY = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 5000"
LOOKUP = "SELECT ?p ?o WHERE { <https://w3id.org/vereend/claim/C001> ?p ?o }"


def test_query_service(tmp_path: Path):
    folder = tmp_path / "store"
    store.publish(folder, load().store)
    here = ox.Store.read_only(str(folder))
    stored = [q.text for q in queries()]
    service = QueryService(folder, Limits(query_workers=1))

    def there(texts: list[str]) -> list[bytes]:
        return [service.query(text).body for text in texts]

    def in_process(texts: list[str]) -> list[bytes]:
        return [evaluate(here, text, choose_type(query_form(text), []), service.limits.query_rows)[0] for text in texts]

    def bare(texts: list[str]) -> list[bytes | None]:
        """Ask the store itself, and let it write the answer."""
        found = []
        for text in texts:
            answer = here.query(text, use_default_graph_as_union=True)
            graph = isinstance(answer, ox.QueryTriples)
            found.append(answer.serialize(format=ox.RdfFormat.TURTLE if graph else ox.QueryResultsFormat.JSON))
        return found

    measured = {}
    try:
        for name, texts, times in (("stored", stored, 15), ("lookup", [LOOKUP], 200), ("many", [MANY], 15)):
            assert sum(map(len, there(texts))) == sum(map(len, in_process(texts))) > 0
            timed = by_turns(
                times,
                service=lambda texts=texts: there(texts),
                evaluate=lambda texts=texts: in_process(texts),
                bare=lambda texts=texts: bare(texts),
            )
            measured |= {
                f"{name}: service": timed["service"].summary(),
                f"{name}: evaluate, in this process": timed["evaluate"].summary(),
                f"{name}: pyoxigraph alone": timed["bare"].summary(),
                f"{name}: service / evaluate": ratio(timed["service"], timed["evaluate"]),
                f"{name}: service / pyoxigraph": ratio(timed["service"], timed["bare"]),
            }
    finally:
        service.close()

    keep(
        "service",
        f"query service beside pyoxigraph in process: the {len(stored)} stored queries, one lookup, 5,000 rows as JSON",
        measured,
    )


def test_a_lookup_beside_a_query_made_to_hurt(tmp_path: Path):
    """Two workers, one of them held by a cross product until its deadline: by turns, with and without."""
    folder = tmp_path / "store"
    store.publish(folder, load().store)
    service = QueryService(folder, Limits(query_timeout_s=2))

    def lookups() -> list[float]:
        found = []
        for _ in range(100):
            started = time.perf_counter()
            assert service.query(LOOKUP).rows
            found.append(time.perf_counter() - started)
        return found

    def hurt() -> None:
        with contextlib.suppress(QueryTimeout):
            service.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")

    lookups()
    alone, beside = [], []
    try:
        for _ in range(3):
            alone += lookups()
            hurting = threading.Thread(target=hurt)
            hurting.start()
            time.sleep(0.2)
            beside += lookups()
            hurting.join()
            service.query("ASK {}")
            time.sleep(1)  # the worker that took the place of the one that was killed has started
    finally:
        service.close()
    one, other = statistics.median(alone), statistics.median(beside)

    keep(
        "lookup beside a hostile query",
        "one lookup through the service, alone and while a cross product holds the other worker",
        {
            "alone, ms": round(1000 * one, 3),
            "beside, ms": round(1000 * other, 3),
            "beside / alone": round(other / one, 2),
        },
    )


# --- at a size that no one reads --------------------------------------------------------------------------------------

QUADS = 675_000
# Longest a query of rdflib is waited for, in seconds: past it the ratio is a lower bound.
PATIENCE_S = 20
PREFIXES = """PREFIX vrd: <https://w3id.org/vereend/ns#> PREFIX vc: <https://w3id.org/vereend/concept/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
_ONE = f"{CASES}copy-7/pps"
MIX = {
    "look up one partnership": f"SELECT ?p ?o {{ <{_ONE}> ?p ?o }}",
    "join of four patterns": f"SELECT * {{ <{_ONE}> vrd:hasPosition ?p . ?p vrd:holder ?h ; vrd:powerType ?t . "
    "?h vrd:participant ?a }",
    "broader concepts": "SELECT (COUNT(*) AS ?n) { ?p vrd:powerType/skos:broader* vc:coercion }",
    "count by kind of power": "SELECT ?t (COUNT(*) AS ?n) { ?p vrd:powerType ?t } GROUP BY ?t ORDER BY ?t",
    "not exists, one pattern": "SELECT (COUNT(*) AS ?n) { ?p vrd:powerType ?t "
    "FILTER NOT EXISTS { ?p vrd:legalBasis ?b } }",
    "words in labels": "SELECT (COUNT(*) AS ?n) { ?x rdfs:label ?l FILTER(CONTAINS(LCASE(STR(?l)), 'winkel')) }",
    "one named graph": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{store.GRAPH}upload/copy-7> {{ ?s ?p ?o }} }}",
    "construct one": f"CONSTRUCT {{ ?p vrd:holder ?h }} WHERE {{ <{_ONE}> vrd:hasPosition ?p . ?p vrd:holder ?h }}",
}
# "Coercive power without oversight" over the whole, as one would first write it.
PLAINLY = """SELECT (COUNT(DISTINCT ?position) AS ?n) { ?power skos:broader* vc:coercion .
  ?position vrd:powerType ?power . ?partnership vrd:hasPosition ?position
  FILTER NOT EXISTS { ?partnership vrd:hasSafeguard ?safeguard . ?safeguard vrd:mandate ?mandate } }"""


def copies() -> Iterator[Upload]:
    """Give descriptions, a few generated ones under many names, until there are enough statements."""
    made = [generate(seed, 4) for seed in range(20)]
    number = total = 0
    while total < QUADS:
        one = made[number % len(made)]
        home = f"{CASES}copy-{number}/"
        told = frozenset(
            type(s)(*(text.replace(f"{CASES}{one.name}/", home) for text in s)) for s in rename(one.statements, home)
        )
        total += len(told)
        yield Upload(f"copy-{number}", told)
        number += 1


def impatient(do) -> float | None:
    """Count the processor time of a piece of work of Python; None where it takes too much.

    The clock would count other work on the machine against it.
    """

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_S)
    started = time.process_time()
    try:
        do()
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - started


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, one for each statement
def test_a_mix_of_queries_at_scale(tmp_path: Path):
    data = DataFolder(tmp_path / "store")
    started = time.perf_counter()
    data.load(copies())
    loaded = time.perf_counter() - started
    here = ox.Store.read_only(data.current())
    (shipped,) = (q.text for q in queries() if q.name == "coercion-without-binding-oversight")
    mix = {name: PREFIXES + text for name, text in MIX.items()} | {"shipped: coercion without oversight": shipped}
    service = data.questions(Limits(query_timeout_s=120, query_workers=1))
    found = dict.fromkeys(mix, 0.0)
    measured: dict[str, object] = {"load, with the making of descriptions, s": round(loaded, 1)}
    slower, beside = [], []

    def bare(text: str) -> bytes | None:
        answer = here.query(text, use_default_graph_as_union=True)
        graph = isinstance(answer, ox.QueryTriples)
        return answer.serialize(format=ox.RdfFormat.TURTLE if graph else ox.QueryResultsFormat.JSON)

    try:
        for name, text in mix.items():
            timed = by_turns(5, service=lambda t=text: service.query(t).body, bare=lambda t=text: bare(t))
            found[name] = statistics.median(timed["service"].clock)
            measured[f"{name}: service"] = timed["service"].summary()
            measured[f"{name}: service / pyoxigraph"] = ratio(timed["service"], timed["bare"])
            beside.append(found[name] / statistics.median(timed["bare"].clock))
            if name == "look up one partnership":
                over = found[name] - statistics.median(timed["bare"].clock)
                measured["pool overhead on a lookup, ms"] = round(1000 * over, 3)
        (one,) = advice(PREFIXES + PLAINLY)
        assert one.rewritten
        timed = by_turns(5, quick=lambda: service.query(one.rewritten).body)
        measured["without oversight, rewritten by our advice"] = timed["quick"].summary()
        started = time.perf_counter()
        assert service.query(PREFIXES + PLAINLY).body == service.query(one.rewritten).body
        measured["without oversight, NOT EXISTS as first written, s"] = round(time.perf_counter() - started, 1)
    finally:
        service.close()
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=here.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    for name, text in mix.items():
        took = impatient(lambda t=text: list(graph.query(t)))
        measured[f"{name}: rdflib, s of processor"] = round(took, 4) if took else f"more than {PATIENCE_S}"
        slower.append((took or PATIENCE_S) / found[name])
    measured["median of rdflib, processor / service, clock"] = round(statistics.median(slower), 1)
    measured["median of service / pyoxigraph"] = round(statistics.median(beside), 2)

    keep(
        "service at scale", f"a mix of {len(mix)} queries on {data.published().statements} statements on disk", measured
    )
