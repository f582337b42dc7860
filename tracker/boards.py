"""roll-up → board: what pages read of a run at a glance is laid out once, with the run, before the pointer moves to it."""

from tracker.models import Board, Run
from tracker.queries.board import LAYOUT, reckon
from tracker.queries.looking import Look, runs_read


def lay(run: Run) -> None:
    """Keeps the board of a run, and drops those of runs that are neither current nor keep a closing. 6 statements."""
    runs = runs_read(run.government_id, run.number)
    current = next(each for each in runs if each.number == run.number)
    board = reckon(run.government_id, Look(current, tuple(each for each in runs if each.closes_id), run.as_of))
    kept = Board.objects.of(run.government_id)
    kept.exclude(number__in=Run.objects.of(run.government_id).filter(closes__isnull=False).values("number")).delete()
    texts = {"layout": LAYOUT, "summed": board.summed_text, "lines": board.lines_text}
    Board.objects.create(government_id=run.government_id, number=board.number, before=board.before, day=board.day, **texts)
