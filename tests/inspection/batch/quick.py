"""The command line, whose batches run rows by `quick_child`."""

from inspection.__main__ import main
from inspection.batch import ordered

ordered.MODULE = "tests.inspection.batch.quick_child"

if __name__ == "__main__":
    main()
