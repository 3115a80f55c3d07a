"""Who may do what: people, their sessions and tokens, and the one question asked of them all."""
