"""Only tests have this package: the product works without."""

raise ModuleNotFoundError(__doc__, name=__name__)
