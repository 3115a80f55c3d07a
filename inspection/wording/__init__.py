"""Every sentence a person reads, in each language, in one catalogue a language."""
