"""Locators name lines as a reader counts them, and digests notice another text."""

import pytest

from vereend.errors import LocatorError
from vereend.locators import Lines, digest, parse_locator

TEXT = "Een verzonnen zin\nover een plein met onaf-\nhankelijk toezicht.\n"


def test_positions_between_lines_become_line_numbers():
    assert parse_locator("line=47,49") == Lines(48, 49)


@pytest.mark.parametrize("locator", ["line=5", "regel 5", "line=5,5", "line=6,5"])
def test_a_wrong_locator_is_named_and_a_right_one_is_shown(locator):
    with pytest.raises(LocatorError) as caught:
        parse_locator(locator)

    assert caught.value.where == repr(locator)
    assert "line=47,48" in caught.value.remedy


def test_another_layout_has_the_same_digest():
    assert digest(TEXT, Lines(2, 3)) == digest("over een plein\nmet onafhankelijk toezicht.", Lines(1, 2))


def test_one_line_more_has_another_digest():  # the near miss
    assert digest(TEXT, Lines(2, 3)) != digest(TEXT, Lines(1, 3))
