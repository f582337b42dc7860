"""The text of a document beside its promises: cut into sentences, each found by where it stands. Pure but for `reading`: no database, no files.

`segmenting` cuts lines into sentences with their headings, `promising` says which of them promise something, `matching` finds
the sentence of an item.
"""
