"""Vereend: actors, powers and safeguards in public-private partnerships for police tasks, described and judged.

import vereend

report = vereend.validate([vereend.read("partnership.ttl")])
print(report.to_text("en"))
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vereend.answering import answer
    from vereend.comparison import whatif
    from vereend.differences import diff
    from vereend.foreign import read_shapes, validate_by
    from vereend.form_reasoning import forms
    from vereend.knowledge import load
    from vereend.networks import network
    from vereend.reading import parse, read
    from vereend.repairs import repair
    from vereend.stored_queries import queries
    from vereend.validation import validate

_WHERE = {
    "answer": "vereend.answering",
    "diff": "vereend.differences",
    "forms": "vereend.form_reasoning",
    "load": "vereend.knowledge",
    "queries": "vereend.stored_queries",
    "network": "vereend.networks",
    "parse": "vereend.reading",
    "read": "vereend.reading",
    "read_shapes": "vereend.foreign",
    "repair": "vereend.repairs",
    "validate": "vereend.validation",
    "validate_by": "vereend.foreign",
    "whatif": "vereend.comparison",
}
__all__ = [
    "__version__",
    "answer",
    "diff",
    "forms",
    "load",
    "network",
    "parse",
    "queries",
    "read",
    "read_shapes",
    "repair",
    "validate",
    "validate_by",
    "whatif",
]


def __getattr__(name: str) -> Any:
    # The engines take longer to import than `vereend --help` may take altogether, so they come when first used.
    if name in _WHERE:
        import importlib

        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'vereend' has no attribute {name!r}")
