"""What became of it: periods and duties, reports, standings, alerts, messages, jobs."""

from tracker.models.alerts import Alert
from tracker.models.criteria import Criterion, CriterionDemand, Excuse
from tracker.models.explanations import Explanation
from tracker.models.jobs import Installation, JobRun
from tracker.models.judgements import Grade, Judgement
from tracker.models.messages import Message
from tracker.models.objections import Objection, ObjectionFile, ObjectionTurn, Remedy
from tracker.models.periods import Duty, Period
from tracker.models.reports import Evidence, ProgressReport, ReportEvent, StepDone
from tracker.models.sampling import Finding, Sample, Sampled, SampledFile
from tracker.models.standings import Board, ClosingNote, Run, Standing
from tracker.models.succession import Fate, Succession

__all__ = [
    "Alert", "Board", "ClosingNote", "Criterion", "CriterionDemand", "Duty", "Evidence", "Excuse", "Explanation", "Fate", "Finding", "Grade", "Installation",
    "JobRun", "Judgement", "Message", "Objection", "ObjectionFile", "ObjectionTurn", "Period", "ProgressReport", "Remedy", "ReportEvent", "Run", "Sample",
    "Sampled", "SampledFile", "Standing",
    "StepDone", "Succession",
]  # fmt: skip
