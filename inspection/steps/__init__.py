"""The steps of an inspection: one verb a module, one public function of the same name."""
