"""The product's own door, on a fixed afternoon: the demonstration's clock would cost every page a statement that production does not ask."""

from people import clock
from tests.benchmarks.pages import NOW
from tracker.wsgi import application

clock.now = lambda: NOW

__all__ = ["application"]
