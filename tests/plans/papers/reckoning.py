"""Reads the papers of a corpus and scores them."""

from plans.papers.reading import Reading, read
from tests.plans.papers.corpus import Case
from tests.plans.papers.making import SPAN, YEAR, directory
from tests.plans.papers.scoring import Score, answers, score


def reading(case: Case) -> Reading:
    return read(case.paper, directory(), SPAN, plan="report-2023", document="测试")


def scores(cases: list[Case]) -> dict[str, Score]:
    return {case.name: score(reading(case), answers(case.answer, directory(), YEAR)) for case in cases}
