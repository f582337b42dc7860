"""The full form of a draft item: every field that a published plan fills, with its targets, steps and departments."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from people.models import User
from plans.editing.rows import ItemChange
from plans.editing.typed import Departments, Unread, read_day, read_number
from plans.models import Item, Measure, Plan, Target, Terms
from plans.queries.editor import ItemEditor, figure

EMPTY = [("", "—")]
BINDING = {"": None, "yes": True, "no": False}
TARGETS, STEPS = 2, 3  # empty rows under those that are there


class TypedDay(forms.CharField):
    """A day as offices write it, within a plan."""

    def __init__(self, plan: Plan, **given: Any) -> None:
        super().__init__(required=False, max_length=20, **given)
        self.plan = plan

    def clean(self, value: Any) -> Any:
        try:
            return read_day(value or "", self.plan.start, self.plan.end)
        except Unread as why:
            raise forms.ValidationError(str(why)) from None


class TypedNumber(forms.CharField):
    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **given)

    def clean(self, value: Any) -> Any:
        try:
            return read_number(value or "")
        except Unread as why:
            raise forms.ValidationError(str(why)) from None


class TypedDepartment(forms.CharField):
    """A department by any of its names; several where `many`."""

    def __init__(self, departments: Departments, many: bool = False, **given: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={} if many else {"list": "departments", "autocomplete": "off"}), **given)
        self.departments, self.many = departments, many

    def clean(self, value: Any) -> Any:
        try:
            return self.departments.read_all(value or "") if self.many else self.departments.read(value or "")
        except Unread as why:
            raise forms.ValidationError(str(why)) from None


class ItemForm(forms.Form):
    """What an item says, and the measure that it reads."""

    name = forms.CharField(label=_("名称"), max_length=120, error_messages={"required": _("请填写事项名称。")})
    name_en = forms.CharField(label=_("英文名称"), max_length=240, required=False)
    code = forms.CharField(label=_("编号"), max_length=60, error_messages={"required": _("请填写编号。")})
    kind = forms.ChoiceField(label=_("类型"), choices=Item.Kind.choices)
    goal = forms.ChoiceField(label=_("目录"))
    locator = forms.CharField(label=_("出处"), max_length=200, required=False, help_text=_("文件中的章、节、表、行"))
    accrual = forms.ChoiceField(label=_("累计方式"), choices=Terms.Accrual.choices)
    reading = forms.ChoiceField(label=_("取数"), choices=Terms.Reading.choices)
    average = forms.ChoiceField(label=_("年均"), choices=EMPTY + list(Terms.Average.choices), required=False)
    profile = forms.ChoiceField(label=_("路径"), choices=Terms.Profile.choices)
    shares = forms.CharField(label=_("分期累计比例"), max_length=200, required=False, help_text=_("如 25/50/75/100"))
    weight = TypedNumber(label=_("权重"))
    binding = forms.ChoiceField(label=_("约束性"), choices=[("", _("原文未说")), ("yes", _("约束性")), ("no", _("预期性"))], required=False)
    baseline = TypedNumber(label=_("基数"))
    acceptance = forms.CharField(label=_("验收标准"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"}))
    basis = forms.ChoiceField(label=_("责任依据"), choices=Terms.Basis.choices)
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    measure = forms.CharField(
        label=_("指标口径编号"),
        max_length=80,
        help_text=_("填已有的编号，即与它同一个数"),
        widget=forms.TextInput(attrs={"list": "measures", "autocomplete": "off"}),
    )
    measure_name = forms.CharField(label=_("口径名称"), max_length=120, required=False)
    measure_name_en = forms.CharField(label=_("口径英文名称"), max_length=240, required=False)
    definition = forms.CharField(label=_("口径说明"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"}))
    source = forms.CharField(label=_("数据来源"), max_length=120, required=False)
    cycle = forms.ChoiceField(label=_("填报周期"))
    release_lag = forms.IntegerField(label=_("数据滞后天数"), min_value=0, max_value=400, required=False, help_text=_("期末后多少天才有数"))

    def __init__(self, shown: ItemEditor, measures: list[Measure], leaders: list[User], data: QueryDict | None = None) -> None:
        self.shown, self.measures = shown, {m.code: m for m in measures}
        super().__init__(data, initial=None if data is not None else initial_of(shown))
        self.fields["goal"].choices = [(str(g.pk), g.indent + str(g)) for g in shown.goals]  # type: ignore[attr-defined]
        self.fields["cycle"].choices = [(str(c.pk), str(c)) for c in shown.cycles]  # type: ignore[attr-defined]
        self.fields["baseline_on"] = TypedDay(shown.plan, label=_("基数日期"))
        self.fields["lead"] = TypedDepartment(shown.departments, label=_("牵头单位"))
        self.fields["supports"] = TypedDepartment(shown.departments, many=True, label=_("配合单位"), help_text=_("几个单位用顿号隔开"))
        self.fields["reporter"] = TypedDepartment(shown.departments, label=_("填报单位"))
        self.fields["leader"] = forms.ChoiceField(label=_("包联领导"), required=False, choices=EMPTY + [(str(u.pk), u.name) for u in leaders])

    def clean_measure(self) -> Measure:
        found = self.measures.get(self.cleaned_data["measure"])
        if found is None:
            raise forms.ValidationError(_g("没有这个指标口径。要用新的口径，请保留原编号。"))
        return found

    def change(self, targets: list[dict[str, Any]], steps: list[dict[str, Any]], past: list[dict[str, Any]]) -> ItemChange:
        """The change that the form asks for. Only after `is_valid()`."""
        said = self.cleaned_data
        same = ("name", "name_en", "locator", "accrual", "reading", "average", "profile", "shares", "baseline", "baseline_on", "acceptance", "basis")
        terms = {name: said[name] for name in same} | {"goal_id": int(said["goal"]), "binding": BINDING[said["binding"]], "lead_id": said["lead"]}
        terms |= {"leader_id": int(said["leader"]) if said["leader"] else None, "weight": said["weight"]}
        parts = {s.department_id: s.part for s in self.shown.supports}
        task = said["kind"] == Item.Kind.TASK
        measure: dict[str, Any] = {}
        if said["measure"].pk == self.shown.item.measure_id:
            now = self.shown.item.measure
            names = {name: said[f"measure_{name}"] or getattr(now, name) for name in ("name", "name_en")}
            given = names | {name: said[name] for name in ("definition", "source")} | {"cycle_id": int(said["cycle"]), "release_lag": said["release_lag"] or 0}
            if said["reporter"] != now.reporter_id:
                given["reporter_id"] = said["reporter"]
            measure = {name: value for name, value in given.items() if getattr(now, name) != value}
        for target in targets:
            target["unit"] = "" if task else said["unit"]
        return ItemChange(
            item={"code": said["code"].strip(), "kind": said["kind"], "measure_id": said["measure"].pk}, terms=terms, measure=measure, targets=targets,
            steps=steps if task else [], supports={pk: parts.get(pk, "") for pk in said["supports"]},
            past=past if said["measure"].pk == self.shown.item.measure_id else None,
        )  # fmt: skip


def initial_of(shown: ItemEditor) -> dict[str, Any]:
    """What stands in the fields of the form."""
    terms, measure = shown.terms, shown.item.measure
    same = ("name", "name_en", "locator", "accrual", "reading", "average", "profile", "shares", "acceptance", "basis")
    return {name: getattr(terms, name) for name in same} | {
        "code": shown.item.code, "kind": shown.item.kind, "goal": str(terms.goal_id), "weight": figure(terms.weight), "baseline": figure(terms.baseline),
        "baseline_on": terms.baseline_on.isoformat() if terms.baseline_on else "", "binding": {True: "yes", False: "no", None: ""}[terms.binding],
        "lead": shown.departments.write(terms.lead_id), "leader": str(terms.leader_id or ""),
        "supports": shown.departments.write_all(s.department_id for s in shown.supports), "unit": shown.targets[0].unit if shown.targets else measure.unit,
        "measure": measure.code, "measure_name": measure.name, "measure_name_en": measure.name_en, "definition": measure.definition, "source": measure.source, "cycle": str(measure.cycle_id),
        "reporter": shown.departments.write(measure.reporter_id), "release_lag": measure.release_lag,
    }  # fmt: skip


class TargetForm(forms.Form):
    """One target. A row in which neither day nor value is typed is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("性质"), choices=Target.RoleInPath.choices)
    comparator = forms.ChoiceField(label=_("比较方式"), choices=EMPTY + list(Target.Comparator.choices), required=False)
    value = TypedNumber(label=_("目标值"))
    value_high = TypedNumber(label=_("上限"))
    better = forms.ChoiceField(label=_("方向"), choices=EMPTY + list(Target.Better.choices), required=False)
    firm = forms.ChoiceField(label=_("力度"), choices=EMPTY + list(Target.Firm.choices), required=False)
    words = forms.CharField(label=_("原文用词"), max_length=40, required=False)
    tolerance = TypedNumber(label=_("容差"), help_text=_("0.05 即 5%"))
    against = forms.CharField(label=_("参照指标编号"), max_length=80, required=False, widget=forms.TextInput(attrs={"list": "measures", "autocomplete": "off"}))
    offset = TypedNumber(label=_("比参照高"))
    note = forms.CharField(label=_("附注"), max_length=300, required=False)

    def __init__(self, plan: Plan, measures: dict[str, Measure], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.measures = measures
        self.fields["from_on"] = TypedDay(plan, label=_("起算日"), help_text=_("不含当日"))
        self.fields["due_on"] = TypedDay(plan, label=_("期限"))
        self.start = plan.start - dt.timedelta(days=1)

    @property
    def is_spare(self) -> bool:
        """Whether nothing stands in it yet, so that the page may fold it."""
        return self.is_blank if self.is_bound else not self.initial.get("id")

    @property
    def is_blank(self) -> bool:
        typed = [(self.data.get(self.add_prefix(name)) or "").strip() for name in ("id", "value", "due_on", "comparator", "note", "words")]
        return not any(typed)

    def clean_against(self) -> Measure | None:
        code = self.cleaned_data["against"]
        if code and code not in self.measures:
            raise forms.ValidationError(_g("没有这个指标口径。"))
        return self.measures.get(code)

    def row(self) -> dict[str, Any]:
        said = self.cleaned_data
        same = ("id", "role", "due_on", "comparator", "value", "value_high", "better", "firm", "words", "tolerance", "note")
        return {name: said[name] for name in same} | {
            "from_on": said["from_on"] or self.start, "offset": said["offset"] or 0, "against_id": said["against"].pk if said["against"] else None,
        }  # fmt: skip


class StepForm(forms.Form):
    """One step of a task; without a name it is none."""

    name = forms.CharField(label=_("节点"), max_length=120, required=False)
    name_en = forms.CharField(label=_("英文"), max_length=200, required=False)
    weight = TypedNumber(label=_("权重"))
    stage = forms.IntegerField(label=_("阶段序号"), min_value=1, max_value=20, required=False)

    def __init__(self, plan: Plan, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["due_on"] = TypedDay(plan, label=_("期限"))

    @property
    def is_blank(self) -> bool:
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in ("name", "due_on"))

    def row(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"name": said["name"], "name_en": said["name_en"], "due_on": said["due_on"], "weight": said["weight"] or 1, "stage": said["stage"]}


class PastForm(forms.Form):
    """An earlier result of the measure; a row in which nothing is typed is none."""

    value = TypedNumber(label=_("数值"))
    locator = forms.CharField(label=_("出处"), max_length=200, required=False)

    def __init__(self, plan: Plan, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["on"] = TypedDay(plan, label=_("截至"))

    @property
    def is_blank(self) -> bool:
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in ("on", "value"))

    def row(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("on", "value", "locator")}


def past_forms(shown: ItemEditor, data: QueryDict | None = None) -> list[PastForm]:
    if data is not None:
        return [PastForm(shown.plan, data, prefix=f"past-{n}") for n in range(min(_count(data, "past"), 30))]
    there = [{"on": r.on.isoformat(), "value": figure(r.value), "locator": r.locator} for r in shown.item.measure.past.order_by("on")]
    return [PastForm(shown.plan, initial=row, prefix=f"past-{n}") for n, row in enumerate([*there, {}])]


def target_forms(shown: ItemEditor, measures: dict[str, Measure], data: QueryDict | None = None) -> list[TargetForm]:
    """The final target first, then the interim ones, then empty rows."""
    rows = sorted(shown.targets, key=lambda t: (t.role != Target.RoleInPath.FINAL, t.due_on or dt.date.max, t.pk))
    if data is not None:
        return [TargetForm(shown.plan, measures, data, prefix=f"targets-{n}") for n in range(min(_count(data, "targets"), 60))]
    there = [{name: getattr(t, name) for name in ("id", "role", "comparator", "better", "firm", "words", "note")} | _figures(t) for t in rows]
    blank = {
        "role": Target.RoleInPath.INTERIM,
        "from_on": (shown.plan.start - dt.timedelta(days=1)).isoformat(),
        "comparator": rows[0].comparator if rows else "",
    }
    every = there + [{**blank, "comparator": ""}] * TARGETS
    return [TargetForm(shown.plan, measures, initial=row, prefix=f"targets-{n}") for n, row in enumerate(every)]


def _figures(t: Target) -> dict[str, Any]:
    days = {name: getattr(t, name).isoformat() if getattr(t, name) else "" for name in ("from_on", "due_on")}
    return days | {
        "value": figure(t.value), "value_high": figure(t.value_high), "tolerance": figure(t.tolerance), "offset": figure(t.offset) if t.offset else "",
        "against": t.against.code if t.against else "",
    }  # fmt: skip


def step_forms(shown: ItemEditor, data: QueryDict | None = None) -> list[StepForm]:
    if data is not None:
        return [StepForm(shown.plan, data, prefix=f"steps-{n}") for n in range(min(_count(data, "steps"), 60))]
    stated = shown.terms.steps.filter(stated=True).order_by("position")
    there = [
        {"name": s.name, "name_en": s.name_en, "due_on": s.due_on.isoformat() if s.due_on else "", "weight": figure(s.weight), "stage": s.stage} for s in stated
    ]
    return [StepForm(shown.plan, initial=row, prefix=f"steps-{n}") for n, row in enumerate(there + [{}] * STEPS)]


def _count(data: QueryDict, prefix: str) -> int:
    typed = data.get(f"{prefix}-count", "")
    return int(typed) if typed.isdigit() else 0
