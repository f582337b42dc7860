"""An issued paper, 责任分解, read into draft items: blocks in, proposals out. No tables of the database, no clock, no files.

`reading.read` is the door. What is uncertain is named per field, what cannot be taken is refused with its address, and what is no
promise is listed, so that nothing vanishes and nothing is invented.
"""
