"""Writes the published JSON Schema of a flight log."""

import json
import sys

from inspection.flight_log.reading import json_schema

sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n")
