"""What is on the record by place, as GIS software asks for it: OGC API Features."""
