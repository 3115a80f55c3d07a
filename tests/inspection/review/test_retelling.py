"""A sentence that this version no longer has stays as the report says it."""

import json
from dataclasses import replace

from inspection.language import Language, Said
from inspection.review.retelling import said_again
from inspection.schema import from_json
from inspection.wording.catalogue import wording
from tests.inspection.jobs.done import made


def test_what_no_catalogue_has_any_more_stays_as_the_report_says_it() -> None:
    inspection = from_json(json.loads((made() / "inspection.json").read_bytes()))
    gone = Said(key="answers.place.of_another_year", facts={})
    place = replace(inspection.answers.place, sentence="So it was.", said=[gone])
    answers = replace(inspection.answers, place=place)
    words = said_again(replace(inspection, answers=answers), wording(Language.INDONESIAN))
    told = words.answers["place"]
    assert (told.text, told.language) == ("So it was.", words.report_language)
    assert words.answers["observed"].language is Language.INDONESIAN
