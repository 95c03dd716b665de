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
    asks_per_minute: int = 0  # pages and answers one address may have in a minute; 0 is any number
    proxies: int = 0  # servers in front of this one, whose word is taken for the reader's address
    log_requests: int = 0  # 1 logs each request as JSON on standard error, without what was asked or by whom
    stop_wait_s: float = 15.0  # seconds that what is being answered gets to end, when the viewer is told to stop
    reasoner_wait_s: float = (
        4.0  # seconds a page waits for the OWL reasoner before it shows the quick classifier's answer
    )
