"""Every section prints what inspection.json says, in both languages, on paper and on the page."""

import html
import json
import re
from dataclasses import replace

import pytest

from inspection.language import Language
from inspection.layer_notes import LayerNearest, LayerNote, LayerOverlap, LayerShapes
from inspection.model import RegistrationStatus
from inspection.provenance import DetectorNote
from inspection.report.brief import flat
from inspection.report.composition import composed
from inspection.report.content import Table
from inspection.report.desk import brief_of
from inspection.report.issue import FULL
from inspection.report.sections.numbers import numbers
from inspection.standing import PastReport
from inspection.wording.catalogue import wording
from tests.inspection.report.conftest import many, plain, single_date

SILENT = {
    "kind",
    "tone",
    "name",
    "alt",
    "qr",
    "qr_alt",
    "verdict",
    "language",
    "attached",
    "how_printed",
}
"""What templates need and nobody reads."""

SECTIONS = {
    "answers",
    "permit",
    "flights",
    "boundary",
    "quality",
    "maps",
    "findings",
    "layers",
    "limits",
    "ledger",
    "unseen",
    "people",
    "method",
    "sources",
    "annex",
}


def strings(value):
    """Every text of a report's blocks, less names of drawings and words that browsers read out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in SILENT:
                yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


def words_of(page):
    without = re.sub(r"<(style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", without)))


@pytest.mark.parametrize("language", list(Language))
def test_every_text_of_every_section_is_on_paper_and_on_the_page(language, english, indonesian):
    printed = english if language is Language.ENGLISH else indonesian
    report = composed(brief_of(printed.inspection, language), FULL).plain()
    assert {s["name"] for s in report["sections"] if s["level"] == 1} == SECTIONS
    # A cell that wraps is torn apart by the layout of a page: words are looked for one by one.
    text, light, page = printed.text(), printed.text("report-light.pdf"), words_of(printed.html)
    box = wording(language).say("report.people.box")
    for wanted in strings(report):
        whole = plain(wanted)
        # An electronic signature goes into the PDF; the page has no box for one.
        assert whole in page or wanted == box, wanted
        for word in map(plain, wanted.split()):
            assert word in text, wanted
            assert word in light, wanted


def number(value, pattern, language):
    """A number as the reader writes it, made without the catalogue."""
    text = format(value, pattern)
    return text if language is Language.ENGLISH else text.translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize("language", list(Language))
def test_the_numbers_are_those_of_the_document(language, english, indonesian):
    printed = english if language is Language.ENGLISH else indonesian
    told, text = printed.inspection, printed.text()
    wanted = [number(getattr(told.ledger_ha, part), ",.4f", language) + "ha" for part in LEDGER]
    wanted += [number(told.position.uncertainty_m, ",.3f", language)]
    wanted += [number(told.boundary.perimeter_m, ",.2f", language)]
    for finding in told.findings:
        pm = f"{finding.area_m2:,.0f}±{finding.area_uncertainty_m2:,.0f}m2"
        wanted.append(pm if language is Language.ENGLISH else pm.replace(",", "."))
        wanted.append(finding.id)
    wanted += [source.sha256 for source in told.sources]
    wanted += [source.name for source in told.sources]
    for one in wanted:
        assert plain(one) in text, one


LEDGER = ("permit", "undisturbed", "standing", "new", "recovered", "not_observed")


@pytest.mark.parametrize(
    ("are_two", "has_detector", "said"),
    [
        (True, True, "Change was scored by the network"),
        (True, False, "Change was scored by how far"),
        (False, True, "What stands open"),
        (False, False, None),
    ],
)
def test_what_scored_change_or_named_the_ground_is_told(told, are_two, has_detector, said):
    shown = told if are_two else single_date(told)
    shown = replace(
        shown,
        coverage=replace(shown.coverage, compared_share=0.9 if are_two else None),
        detector=DetectorNote(name="ours", version="1", sha256="a" * 64) if has_detector else None,
    )
    text = " ".join(strings(composed(brief_of(shown, Language.ENGLISH), FULL).plain()))
    openings = "(Change was scored by the network|Change was scored by how far|What stands open)"
    method = re.findall(openings, text)
    assert method == ([said] if said else [])
    assert ("a" * 64 in text) == has_detector


def test_sentences_are_the_ones_of_the_document(told, english):
    text = english.text()
    for name in ("place", "observed", "comparable", "outside", "limits"):
        for word in getattr(told.answers, name).sentence.split():
            assert plain(word) in text
    brief = brief_of(told, Language.ENGLISH)
    for finding in told.findings:
        assert [brief.told(said) for said in finding.reasons_said] == finding.reasons
        assert [
            brief.told(said) for said in finding.may_be_false_because_said
        ] == finding.may_be_false_because
    for check in told.limits:
        assert brief.told(check.said) == check.sentence
    for name in ("place", "observed", "comparable", "outside", "limits"):
        answer = getattr(told.answers, name)
        assert brief.told(answer.said) == answer.sentence
    for step in told.next_steps:
        assert brief.told(step.said) == step.sentence


def test_a_rule_that_the_profile_leaves_unset_is_not_printed_as_a_number(told):
    brief = brief_of(told, Language.ENGLISH)
    unset = {name for name, value in flat(told.parameters) if value is None}
    table = next(block for block in numbers(brief) if isinstance(block, Table))
    assert unset
    assert not unset & {row[0] for row in table.rows}


def test_the_other_language_says_the_same_of_the_same_document(english, indonesian):
    assert plain("Five answers") in english.text()
    assert plain("Lima jawaban") in indonesian.text()
    assert plain("Five answers") not in indonesian.text()
    # One seal for both: they are two readings of one document.
    keywords = [
        re.search(rb"sha256:([0-9a-f]{64})", p.pdf.read_bytes())[1] for p in (english, indonesian)
    ]
    assert keywords[0] == keywords[1]


NAMES = {
    "markup": "A < B & C > \"D\" 'E'",
    "typst": "#set page(fill: red) #let x = 1 $y^2$ *bold* _it_ `raw` @ref <label> \\ // c /* d */",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{value.__class__} {{ 7*7 }} {% raw %} %s %(x)d",
    "long": "PT" + "Tambang" * 80,
    "arabic": "شركة التعدين الوطنية",
    "hebrew": "חברת כרייה",
    "dashes": "a -- b --- c ... 'd' ''e''",
    "spaces": "PT  Dua  Spasi",
}


@pytest.fixture(scope="session")
def named(told, printing):
    """A report in which a person named everything as badly as could be."""
    permit = {"id": "TEST/1", **NAMES, "holder": NAMES["markup"], "empty": "", "none": None}
    flights = replace(
        told.flights,
        current=replace(told.flights.current, name=NAMES["typst"], software=NAMES["long"]),
    )
    return printing(replace(told, permit=permit, flights=flights))


@pytest.mark.parametrize("name", NAMES)
def test_names_print_exactly(name, named):
    wanted = plain(NAMES[name])
    assert wanted in words_of(named.html)
    text = named.body()
    if name in ("arabic", "hebrew"):
        # Readers give right-to-left words in either order; each must be there, letter by letter.
        for word in map(plain, NAMES[name].split()):
            assert word in text or word[::-1] in text
    else:
        for word in map(plain, NAMES[name].split()):
            assert word in text, word


def test_empty_values_are_said_to_be_empty(named):
    # "empty" and "none" both print that nothing is stated.
    assert re.search(r"emptynotstated", named.text())
    assert re.search(r"nonenotstated", named.text())


def test_signs_that_no_font_has_or_that_turn_the_line_are_named(told, printing):
    permit = {"id": "x", "holder": "PT 矿业 \u202eevil \x00 \U0001f600 ok"}
    printed = printing(replace(told, permit=permit))
    for text in (printed.text(), words_of(printed.html)):
        assert plain("PT [U+77FF][U+4E1A] [U+202E]evil [U+0000] [U+1F600] ok") in text


def test_without_findings_the_report_says_so(told, printing):
    printed = printing(replace(told, findings=[]))
    assert plain("Nothing was found.") in printed.text()
    assert "F001" not in printed.text()


def test_three_hundred_findings_are_all_listed_and_the_gravest_have_pages(told, printing):
    printed = printing(many(told, 300))
    text = printed.text()
    assert all(f"F{n:03d}" in text for n in range(1, 301))
    pages = [n for n, page in enumerate(printed.pages()) if re.search(r"Finding F\d+:", page)]
    most = printed.inspection.parameters["report"]["main_findings"]
    assert pages == list(range(pages[0], pages[0] + most)), "each on one page of its own"
    assert "Overlaps with layers" in "".join(printed.pages()[pages[-1] : pages[-1] + 2])


def test_a_single_date_prints_no_comparison(told, printing):
    printed = printing(single_date(told))
    text = printed.text()
    assert plain("only one flight was given") in text
    assert plain("There is one flight only, so there is no map of the difference.") in text
    assert plain("not compared") in text
    assert plain("since when: not known from one flight") in text
    assert plain("disturbed before, still open") not in "".join(printed.pages()[:2])
    assert plain("Earlier flight") not in plain("".join(printed.pages()[1:3]))


def test_flights_that_do_not_compare_print_no_hectares_of_change(told, printing):
    single = single_date(told)
    odd = replace(
        single,
        flights=told.flights,
        registration=replace(
            single.registration, status=RegistrationStatus.NOT_COMPARABLE, residual_m=3.2
        ),
    )
    printed = printing(odd)
    text = printed.text()
    assert (
        plain("The two flights do not fit each other, so there is no map of the difference.")
        in text
    )
    assert plain("newly disturbed not compared") in text


def test_without_gaps_the_report_says_that_there_are_none(told, printing):
    whole = replace(
        told,
        coverage=replace(
            told.coverage, observed_share=1.0, not_observed_ha=0.0, gaps=[], not_observed=[]
        ),
    )
    text = printing(whole).text()
    assert plain("Gaps by cause none") in text
    assert plain("100.0%, 0.0000 ha not observed") in text


def test_times_that_no_file_states_are_not_made_up(told, printing):
    flights = replace(
        told.flights,
        current=replace(told.flights.current, captured_at=None),
        baseline=replace(told.flights.baseline, captured_at=None),
    )
    text = printing(replace(told, flights=flights)).text()
    assert plain("between the two flights; not every file says when it was made") in text
    assert plain("between not stated") not in text
    assert plain("before not stated") not in text


def test_values_within_values_of_a_permit_are_printed_in_words(told, printing):
    permit = {"id": "x", "notes": {"deep": [1.5, {"y": True}, ["a", "b"]]}}
    text = printing(replace(told, permit=permit)).text()
    assert plain("notes.deep 1.5, y: yes, a, b") in text


def test_a_permit_seen_by_nobody_is_hatched_from_edge_to_edge(told, printing):
    whole = replace(
        told,
        coverage=replace(
            told.coverage,
            observed_share=0.0,
            not_observed_ha=told.ledger_ha.permit,
            not_observed=[replace(told.coverage.not_observed[0], vertices=told.boundary.vertices)],
        ),
    )
    text = printing(whole).text()
    assert plain(f"0.0%, {told.ledger_ha.permit:.4f} ha not observed") in text


def test_the_history_of_the_permit_is_printed_and_drawn(told, printing):
    ledger = json.loads(json.dumps({k: getattr(told.ledger_ha, k) for k in LEDGER}))
    past = [
        PastReport(
            version=n,
            inspection=f"TJ-2025010{n}-aaaa",
            created_at="2025-01-01T00:00:00+00:00",
            captured_at=f"2025-0{n}-03T08:00:00",
            sha256=str(n) * 64,
            ledger_ha={**ledger, "new": 0.1234 * n},
        )
        for n in (1, 2)
    ]
    record = replace(told.record, version=3, supersedes="2" * 64, history=past)
    printed = printing(replace(told, record=record))
    text = printed.text()
    for wanted in (
        "0.1234",
        "0.2468",
        "111111111111",
        "3 February 2025",
        "report 1",
        "this report",
    ):
        assert plain(wanted) in text, wanted
    assert plain("Supersedes 2222222222222222") in text


def test_layers_are_printed_with_their_date_their_overlap_and_what_was_left_out(told, printing):
    shapes = LayerShapes(
        polygons=[told.boundary.vertices[0]],
        lines=[told.boundary.vertices[0][0][:3]],
        points=[told.boundary.vertices[0][0][0]],
        drawn_within_m=0.0,
    )
    river = LayerNote(
        name="sungai <A & B>",
        file="sungai.geojson",
        sha256="a" * 64,
        size=1234,
        date="2024-05-01",
        features=30,
        used=25,
        far=3,
        unusable={"self_crosses": 2},
        permit_overlap_ha=0.1234,
        permit_overlap_share=0.137,
        disturbed_overlap_ha=0.0123,
        nearest=LayerNearest(
            finding="F001", feature="Sungai #1", distance_m=12.345, uncertainty_m=5.0
        ),
        overlapping=25,
        overlaps=[LayerOverlap(feature=f"ruas {n}", permit_overlap_ha=0.01 * n) for n in range(20)],
        shapes=shapes,
    )
    unknown = replace(
        river,
        name="hutan",
        date=None,
        permit_overlap_ha=None,
        permit_overlap_share=None,
        disturbed_overlap_ha=None,
        nearest=None,
        overlaps=[],
        overlapping=0,
        shapes=replace(shapes, polygons=[], lines=[], points=[]),
    )
    printed = printing(replace(told, layers=[river, unknown]))
    for text in (printed.text(), words_of(printed.html)):
        for wanted in (
            "sungai <A & B> 1 May 2024 0.1234 ha 13.7% 0.0123 ha",
            "Sungai #1 F001 12.34 ± 5.00 m",
            "± 5.00 m",
            "the 20 largest of 25",
            "ruas 19",
            "hutan not stated unknown unknown unknown",
        ):
            assert plain(wanted) in text, wanted
        assert "2:" in text
    assert 'id="layers-frame"' in printed.html
