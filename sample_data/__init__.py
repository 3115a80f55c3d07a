"""A small drawn mining site with known truth: every pixel and every number comes from one seed."""
