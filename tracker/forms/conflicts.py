"""The form by which a supervisor decides about a conflict."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.editing.rights import NotAllowed
from plans.models import Conflict, Target
from tracker.queries.conflicts import ConflictPage, Side

State = Conflict.State


class ConflictForm(forms.Form):
    """What is decided, which side counts, of what class the conflict is, and why. What the deed refuses is said at its field."""

    state = forms.ChoiceField(label=_("怎样裁定"), widget=forms.RadioSelect, required=False)
    counts = forms.ChoiceField(label=_("以哪处为准"), widget=forms.RadioSelect, required=False, help_text=_("裁定以一处为准时填"))
    kind = forms.ChoiceField(label=_("类型"), choices=Conflict.Kind.choices, required=False)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": "4"}), required=False, help_text=_("依据哪份文件、哪次会议，为什么"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, page: ConflictPage, data: Any = None) -> None:
        conflict = page.conflict
        super().__init__(data, initial={"kind": conflict.kind, "version": conflict.version})
        self.page = page
        again = [] if conflict.state == State.OPEN else [(State.OPEN.value, _("重新打开"))]
        choices = [(State.RESOLVED.value, _("以一处为准")), (State.DISMISSED.value, _("不构成冲突")), *again]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
        self.fields["counts"].choices = [(str(side.pk), named(side)) for side in (page.row.a, page.row.b) if side.pk]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What `deeds.decide` takes; what is no choice of ours is empty."""
        held = self.cleaned_data
        targets = {str(t.pk): t for t in (self.page.conflict.target_a, self.page.conflict.target_b) if t is not None}
        counts: Target | None = targets.get(held.get("counts", ""))
        version = held.get("version")
        words = {name: held.get(name, "") for name in ("state", "kind", "reason")}
        return {**words, "counts": counts, "version": -1 if version is None else version}

    def refuse(self, refused: NotAllowed) -> None:
        for name, message in (refused.fields or {"": str(refused)}).items():
            self.add_error(name if name in self.fields else None, message)


def named(side: Side) -> str:
    return f"{side.plan_title} {side.name} {side.target}"
