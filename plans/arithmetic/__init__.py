"""The arithmetic of the lights: values and dates in, a frozen judgement out.

No database, no clock, no files. Numbers are exact (Fraction) until they are shown, then rounded half up to six
places (Decimal). The ways in:

- ``lights.judge(promise, record, on)``: an indicator on a day,
- ``tasks.judge_task(task, progress, on)``: a task or project on a day,
- ``totals.add_up(items, band)``: a goal, plan, department or government,
- ``reasons.explain(judgement, language)`` and ``reasons.explain_total``: the line that a pocket calculator can follow.
"""
