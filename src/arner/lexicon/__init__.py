"""Gazetteers on disk: their contract, reading, variants, compiling, look-up and linting."""
