"""What an operator may set: limits, each with a default that works."""

from dataclasses import dataclass

from vereend.reading import MAX_DESCRIPTION_BYTES
from vereend.service import Limits


@dataclass(frozen=True)
class Settings(Limits):
    """Limits of one viewer. VEREEND_JUDGES sets `judges`, and so on. Raise them for yourself, not for the public."""

    upload_bytes: int = MAX_DESCRIPTION_BYTES  # largest description taken, as text
    judges: int = 2  # descriptions judged at the same time; a third asker is told to wait
    judge_wait_s: float = 20.0  # seconds an asker waits for a judge before being told so
    reasoner_wait_s: float = (
        4.0  # seconds a page waits for the OWL reasoner before it shows the quick classifier's answer
    )
