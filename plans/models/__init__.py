"""What was promised: documents and their plans; what is reported; what is promised at which version."""

from plans.models.drafts import CheckAnswer, DraftChange
from plans.models.issued import IssuedPaper, PaperWord
from plans.models.papers import Conflict, Cycle, Document, Goal, Measure, PastResult, Plan, Publication
from plans.models.passages import Attachment, Passage, PassageLink, SetAside
from plans.models.promises import Amendment, Bands, Indicator, Item, Step, Support, Target, Task, Terms

__all__ = [
    "Amendment",
    "Attachment",
    "Bands",
    "CheckAnswer",
    "Conflict",
    "Cycle",
    "Document",
    "DraftChange",
    "Goal",
    "Indicator",
    "IssuedPaper",
    "Item",
    "Measure",
    "PaperWord",
    "Passage",
    "PassageLink",
    "PastResult",
    "Plan",
    "Publication",
    "SetAside",
    "Step",
    "Support",
    "Target",
    "Task",
    "Terms",
]  # fmt: skip
