"""`manage.py digests`: makes and sends the weekly digests that are due, and prints who gets what."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from people import clock
from people.models import Government
from tracker import alerts, digests, jobs, rollup
from tracker.digest_sources import Seen, gather, week_of
from tracker.models import JobRun, Message

NOON = dt.time(12)
BEFORE = ("rollup", "alerts")  # what a digest tells of; never as of a day that is not today


class Command(BaseCommand):
    help = "Makes and sends the weekly digests that are due, and prints who gets what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="as if it were noon of that day in the government's zone")
        parser.add_argument("--dry-run", action="store_true", help="prints what would be made, due or not; stores and sends nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, as_of: str | None, dry_run: bool, **options: Any) -> None:
        told = [_told(government, _at(government, as_of), dry_run, fresh=as_of is None) for government in Government.objects.order_by("pk")]
        if options["json"]:
            self.stdout.write(json.dumps({"runs": told}, ensure_ascii=False, indent=2))
            return
        for each in told:
            self.stdout.write(f"{each['government']} {each['week']}: {each['said']}")
            for message in each["messages"]:
                self.stdout.write(f"  {message['to']}  {message['state']}  {message['subject']}")


def _at(government: Government, as_of: str | None) -> dt.datetime:
    if as_of is None:
        return clock.now()
    try:
        return clock.start_of(dt.date.fromisoformat(as_of), government.zone, NOON)
    except ValueError as error:
        raise CommandError(f"{as_of} is no day such as 2022-10-17") from error


def _told(government: Government, at: dt.datetime, dry_run: bool, fresh: bool) -> dict[str, Any]:
    """What is, or would be, sent in the week of the instant; `fresh`: rolls up first where that is due."""
    week = week_of(clock.day_of(at, government.zone))
    if dry_run:
        seen, messages = _foreseen(government, at)
        said = f"would send {len(messages)}" if messages else f"nothing lagging among {seen.checked} checked"
    else:
        due = digests.due(government, at) is not None
        jobs.pull(government, (*(BEFORE if fresh else ()), jobs.DIGEST, jobs.MAIL), at)
        sent = Message.objects.of(government).filter(kind=Message.Kind.DIGEST, occasion=week).select_related("recipient").order_by("recipient")
        messages = [_row(m.recipient.login, m.recipient.email, str(m.state), m.subject, m.facts) for m in sent]
        said = _record(government, week) if due else "nothing is due at this hour"
    return {"government": government.code, "week": week, "said": said, "messages": messages}


def _foreseen(government: Government, at: dt.datetime) -> tuple[Seen, list[dict[str, Any]]]:
    """What would be told at the instant, by what was accepted and in force by then: rolled up and swept in a transaction that is undone."""
    run = government.run
    with transaction.atomic():
        rollup.take(government, at)
        alerts.sweep(government, at)
        seen = gather(government, at)
        letters = list(digests.written(seen))
        transaction.set_rollback(True)
    government.run = run
    return seen, [_row(each.recipient.login, each.recipient.email, "would be sent", each.subject, each.facts) for each in letters]


def _record(government: Government, week: str) -> str:
    """What the run's record says."""
    run = JobRun.objects.of(government).filter(job=jobs.DIGEST, occasion=week).first()
    if run is None:
        return "no record"
    return str(run.counts.get("said", "")) if run.state == JobRun.State.DONE else f"failed: {run.error}"


def _row(login: str, email: str, state: str, subject: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"to": login, "address": email, "state": state, "subject": subject, **{key: facts[key] for key in ("checked", "counts", "links")}}
