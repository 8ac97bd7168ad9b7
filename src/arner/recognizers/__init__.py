"""Recognizers: each looks at the words of a document and proposes candidates with evidence; none discards."""
