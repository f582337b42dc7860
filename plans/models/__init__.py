"""What was promised: documents and their plans; what is reported; what is promised at which version."""

from plans.models.conflicts import Conflict, ConflictDecision
from plans.models.drafts import CheckAnswer, DraftChange, PaperDoubt
from plans.models.issued import IssuedPaper, PaperWord
from plans.models.likenesses import Likeness
from plans.models.papers import Cycle, Document, Goal, Measure, PastResult, Plan, Publication
from plans.models.passages import Attachment, Passage, PassageLink, SetAside
from plans.models.promises import Amendment, Bands, Indicator, Item, Step, Support, Target, Task, Terms
from plans.models.rules import BandRule
from plans.models.sharing import Closure, Consultation, Issuance, IssuanceFile, Opinion, Reply, Signature

__all__ = [
    "Amendment",
    "Attachment",
    "BandRule",
    "Bands",
    "CheckAnswer",
    "Closure",
    "Conflict",
    "ConflictDecision",
    "Consultation",
    "Cycle",
    "Document",
    "DraftChange",
    "Goal",
    "Indicator",
    "Issuance",
    "IssuanceFile",
    "IssuedPaper",
    "Item",
    "Likeness",
    "Measure",
    "Opinion",
    "PaperDoubt",
    "PaperWord",
    "Passage",
    "PassageLink",
    "PastResult",
    "Plan",
    "Publication",
    "Reply",
    "SetAside",
    "Signature",
    "Step",
    "Support",
    "Target",
    "Task",
    "Terms",
]  # fmt: skip
