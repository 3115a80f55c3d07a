"""How a database becomes what the code expects: one step at a time, each whole or not at all."""
