"""Vector files as somebody wrote them: one reader a form, one common value for all."""
