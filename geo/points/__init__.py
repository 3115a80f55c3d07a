"""Lists of control points in the forms that survey and photogrammetry programs write."""
