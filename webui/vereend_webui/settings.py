"""What an operator may set: limits, each with a default that works."""

from dataclasses import dataclass

from vereend.reading import MAX_DESCRIPTION_BYTES


@dataclass(frozen=True)
class Settings:
    """Limits of one viewer. Raise them for your own machine, not for the public."""

    query_timeout_s: float = 10.0  # seconds one query may take
    query_rows: int = 10_000  # rows or triples one answer may hold
    query_workers: int = 2  # processes that answer queries, kept warm; 0 answers none
    upload_bytes: int = MAX_DESCRIPTION_BYTES  # largest description taken, as text
    judges: int = 2  # descriptions judged at the same time; a third asker is told to wait
    judge_wait_s: float = 20.0  # seconds an asker waits for a judge before being told so
    reasoner_wait_s: float = (
        4.0  # seconds a page waits for the OWL reasoner before it shows the quick classifier's answer
    )
