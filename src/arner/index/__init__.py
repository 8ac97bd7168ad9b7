"""Texts in, an SQLite database of who is named where out; names in, where and with whom they are named out."""
