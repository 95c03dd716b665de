"""Things without a name, known again by what is said of them.

Their numbers come from the order of a text and say nothing: whoever compares two descriptions, or two reports, needs
something that stays when the text is reordered.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from vereend.terms import NAMELESS, iri

# How far around a nameless thing is looked to know it again. The same for every text, or their signs would differ.
_STEPS = 3


def is_nameless(name: str) -> bool:
    """Tell whether a term, bare or in N-Triples spelling, stands for a thing without a name."""
    return iri(name).startswith((NAMELESS, "_:"))


def signs(statements: Iterable[tuple[str, str, str]], others: Iterable[str] = ()) -> dict[str, str]:
    """Give each nameless thing a sign of what is said of it, and of what the nameless around it are said to be.

    Args:
        others: further things to sign, of which nothing may be said.
    """
    listed = list(statements)
    names = {*others, *(part for s, _, o in listed for part in (s, o))}
    found = {name: NAMELESS for name in names if is_nameless(name)}
    for _ in range(_STEPS):
        told: dict[str, list[str]] = defaultdict(list)
        for s, p, o in listed:
            if s in found:
                told[s].append(f"> {p} {found.get(o, o)}")
            if o in found:
                told[o].append(f"< {p} {found.get(s, s)}")
        found = {
            name: NAMELESS + hashlib.sha256("\n".join([sign, *sorted(told[name])]).encode()).hexdigest()
            for name, sign in found.items()
        }
    return found
