"""Every term of others that a mapping is sure of is in the copy of its vocabulary at hand."""

import re

import pytest
from rdflib.namespace import FOAF, ODRL2, ORG, PROV

from outside.suites import SUITES, absent
from vereend.mappings import mappings

pytestmark = pytest.mark.outside

SURE = 0.9
IN_RDFLIB = {str(space): space for space in (FOAF, ODRL2, ORG, PROV)}
COPIES = [SUITES / "dpv-2.1", SUITES / "semic-cpov-2.1.2", SUITES / "semic-cpsv-ap-3.2.0"]
# By vocabulary: the name it has in those copies, in which a full IRI may be written as well.
PREFIXES = {"https://w3id.org/dpv/owl#": "dpv-owl:", "https://w3id.org/dpv/legal/eu/gdpr#": "eu-gdpr:"}


def in_copies(name: str, text: str) -> bool:
    space, local = re.fullmatch(r"(.*[#/])([^#/]+)", name).groups()
    declared = rf"^{PREFIXES[space]}{re.escape(local)} a " if space in PREFIXES else rf"<{re.escape(name)}>"
    return re.search(declared, text, re.MULTILINE) is not None


@pytest.fixture(scope="module")
def text() -> str:
    return "\n".join(path.read_text("utf-8") for folder in COPIES for path in sorted(folder.glob("*.ttl")))


@absent(COPIES[0])
def test_each_term_that_a_mapping_is_sure_of_is_in_a_copy(text: str):
    for mapping in mappings():
        space, local = re.fullmatch(r"(.*[#/])([^#/]+)", mapping.object).groups()
        known = local in IN_RDFLIB[space].__annotations__ if space in IN_RDFLIB else in_copies(mapping.object, text)
        assert known == (mapping.confidence >= SURE), mapping.name


@absent(COPIES[0])
def test_a_term_that_no_copy_has_is_noticed(text: str):  # the near miss
    assert in_copies("https://w3id.org/dpv/owl#Safeguard", text)
    assert not in_copies("https://w3id.org/dpv/owl#Safeguards", text)
