"""What it costs to have queries answered by another process, which can be killed, instead of in this one."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from bench.measuring import by_turns, keep, ratio
from vereend import store
from vereend.knowledge import load
from vereend.service import Limits, QueryService, choose_type, evaluate, query_form
from vereend.stored_queries import queries

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
