"""The report: what an inspection says, as a document that people sign and others can verify."""
