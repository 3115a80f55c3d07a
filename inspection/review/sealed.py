"""The sealed document that a review is about, and what its findings were measured with."""

import json

from inspection.document import Inspection
from inspection.objects.store import ObjectStore
from inspection.records.tables.inspections import InspectionRun
from inspection.schema import from_json
from inspection.yardstick import Yardstick


def sealed(objects: ObjectStore, run: InspectionRun) -> Inspection:
    """What a finished inspection says."""
    content = b"".join(objects.stream(str(run.document_sha256)))
    return from_json(json.loads(content))


def yardstick_of(objects: ObjectStore, run: InspectionRun) -> Yardstick:
    """What the findings of a finished inspection were measured with."""
    return Yardstick.of(sealed(objects, run))
