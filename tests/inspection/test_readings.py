"""Readings of coordinates in words: each system named, each slip in the reader's language."""

import pytest

from geo.crs_readings import Change
from inspection.language import Language
from inspection.wording.catalogue import wording


def told(text, language):
    return wording(language).say("errors.boundary_crs_missing.hint", candidates=text)


def test_a_system_is_named_beside_its_code_and_alike_ones_stand_together():
    text = told("EPSG:32750 = EPSG:9490 (0 m); EPSG:32749 (12345 m)", Language.ENGLISH)
    assert text.endswith(
        "EPSG:32750 (WGS 84 / UTM zone 50S) = EPSG:9490 (SRGI2013 / UTM zone 50S), 0 m; "
        "EPSG:32749 (WGS 84 / UTM zone 49S), 12.3 km."
    )


def test_kilometres_are_written_as_the_reader_writes_them():
    assert told("EPSG:4326 (1234 m)", Language.INDONESIAN).endswith("EPSG:4326 (WGS 84), 1,2 km.")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("change", sorted(set(Change) - {Change.NONE, Change.CRS}))
def test_every_slip_has_words(change, language):
    assert "_" not in wording(language).table["readings"][change]
    text = told(f"EPSG:4326 {change} (7 m)", language)
    assert wording(language).table["readings"][change] in text


@pytest.mark.parametrize("language", list(Language))
def test_where_nothing_fits_that_is_said(language):
    assert wording(language).table["readings"]["nothing"] in told("-", language)


def test_a_system_without_a_code_is_called_the_one_stated():
    text = told("stated axes_swapped (0 m)", Language.ENGLISH)
    assert text.endswith("the system stated, with longitude and latitude exchanged, 0 m.")
