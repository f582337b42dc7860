"""What became of it is append-only: an accepted report and all that hangs on it, the story of a report, an alert."""

from people.locks import lock

_REPORT_ACCEPTED = (
    "EXISTS (SELECT 1 FROM tracker_progressreport WHERE tracker_progressreport.id = {row}.report_id AND tracker_progressreport.state = 'accepted')"
)
_CHANGES = ("UPDATE", "DELETE")

lock("report", "tracker_progressreport", _CHANGES, "an accepted report is never changed; a correction names it", "{row}.state = 'accepted'")
for _table in ("stepdone", "evidence"):
    lock(_table, f"tracker_{_table}", ("INSERT", *_CHANGES), "what an accepted report says is never changed", _REPORT_ACCEPTED, moves=True)
lock("reportevent", "tracker_reportevent", _CHANGES, "the story of a report is never changed")
lock("judgement", "tracker_judgement", _CHANGES, "a judgement is never changed; a later one stands in its place")
lock("closingnote", "tracker_closingnote", _CHANGES, "what a closing rested on is never changed")
for _table in ("objectionturn", "objectionfile", "remedy"):
    lock(_table, f"tracker_{_table}", _CHANGES, "the story of an objection is never changed")
lock("objection_kept", "tracker_objection", ("DELETE",), "an objection is answered, never deleted")
_SAID = ("government_id", "item_id", "department_id", "kind", "report_id", "light", "run", "wrong", "should", "made_by_id", "made_at", "opened_on", "days")
lock("objection", "tracker_objection", ("UPDATE",), "what an objection says is never changed", columns=_SAID)
for _table in ("sample", "sampled", "finding", "sampledfile"):
    lock(_table, f"tracker_{_table}", _CHANGES, "what was drawn, shown and found in a check is never changed")
lock("criteriondemand", "tracker_criteriondemand", _CHANGES, "what a plan asks is never taken back")
lock("criterion", "tracker_criterion", _CHANGES, "a criterion that was decided on is never changed", "{row}.state <> 'proposed'")
lock("excuse", "tracker_excuse", _CHANGES, "an excuse that was decided on is never changed", "{row}.state <> 'proposed'")
for _table, _words in (("criterion", ("seen", "place", "confirmer")), ("excuse", ("reason", "basis", "until_on"))):
    lock(f"{_table}_said", f"tracker_{_table}", ("UPDATE",), "what was proposed is never changed", columns=("item_id", "proposed_by_id", *_words))
lock("alert", "tracker_alert", ("DELETE",), "an alert closes, it is never deleted")
lock("explanation", "tracker_explanation", _CHANGES, "what was said about a target is never changed; a later word stands before it")
