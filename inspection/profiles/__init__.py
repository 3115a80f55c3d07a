"""Rule profiles: the numbers that decide, dated, named after who set them."""
