"""Short ways to write a case of `manage.py reckon` and to look at its answer."""

from typing import Any

from plans.reckoning import reckon

Case = dict[str, Any]
YEAR = ["2022-01-01", "2022-12-31"]
FIVE_YEARS = ["2021-01-01", "2025-12-31"]
QUARTERS = [
    {"end": "2022-03-31", "due": "2022-04-10"},
    {"end": "2022-06-30", "due": "2022-07-10"},
    {"end": "2022-09-30", "due": "2022-10-10"},
    {"end": "2022-12-31", "due": "2023-01-10"},
]


def target(comparator: str, value: str | None, **more: Any) -> Case:
    """One target of a case."""
    return {"comparator": comparator, "value": value, **more}


def values(**by_date: str) -> list[Case]:
    """Values by cut-off in the year 2022: values(m03_31="12") is 12 at 2022-03-31."""
    return [{"cut_off": f"2022-{day[1:].replace('_', '-')}", "value": value} for day, value in by_date.items()]


def case(accrual: str, goal: Case, figures: list[Case], as_of: str, **more: Any) -> Case:
    """An indicator's case over the year 2022 unless `span` says otherwise."""
    return {"id": "x", "accrual": accrual, "span": YEAR, "targets": [goal], "values": figures, "as_of": as_of, **more}


def task(steps: list[Case], as_of: str, **more: Any) -> Case:
    """A task's case over the year 2022."""
    return {"id": "x", "kind": "task", "span": YEAR, "steps": steps, "as_of": as_of, **more}


def node(items: list[Case], as_of: str, **more: Any) -> Case:
    """A node's case over the year 2022."""
    return {"id": "x", "kind": "node", "span": YEAR, "items": items, "as_of": as_of, **more}


def result(given: Case) -> Case:
    """The result of one case; an error in it is an error here."""
    answer = reckon([given])["results"][0]
    assert "error" not in answer, answer["error"]
    return answer


def seen(given: Case, *names: str) -> tuple[Any, ...]:
    """Some fields of a case's result."""
    answer = result(given)
    return tuple(answer[name] for name in names)


def numbers(given: Case) -> tuple[str, str, str, str]:
    """Attainment, expected, gap and light."""
    return seen(given, "attainment", "expected", "gap", "light")
