"""Tagged documents in, one self-contained page out: texts, an index across them, who is named with whom, a timeline."""
