"""`make bench`: how long a page takes, told as a multiple of a constant page under the same server.

On a PostgreSQL of its own, gunicorn as in production, the demonstration's city. One interleaved run, so that whatever else
the machine does falls on every page alike; only ratios mean anything. Nothing here is part of the test suite.
"""
