"""The forms of an amendment: what it says as a whole, and what it does to one item. Each becomes a `Change`; what cannot be is said at its field."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.models import Department, Role, User
from plans.editing.fields import longest
from plans.editing.rights import NotAllowed
from plans.editing.typed import Departments, Unread
from plans.exporting import plain
from plans.models import Amendment, Bands, Goal, Item, Measure, Plan, Support, Target, Terms
from plans.pathing import path_of
from plans.versions import Change, NewStep
from plans.wordings import bands_on, final_of

DAY = {"type": "date"}
LONGEST_PART = longest(Support, "part")
SPARE_STEPS = 3  # empty rows below the steps that are there


class HeadForm(forms.Form):
    """Reason, basis document, the day from which it is in force, and the bands that it moves; bands left as they are are not part of it."""

    reason = forms.CharField(label=_("调整原因"), widget=forms.Textarea(attrs={"rows": "3"}), max_length=2000)
    basis = forms.CharField(label=_("依据文件"), max_length=200, help_text=_("文号或会议纪要"))
    from_on = forms.DateField(label=_("生效日"), widget=forms.DateInput(attrs=DAY), help_text=_("自该日起按新约定亮灯；此前各期不变"))

    def __init__(self, data: Any, plan: Plan, today: dt.date, amendment: Amendment | None = None) -> None:
        given = (
            {"reason": amendment.reason, "basis": amendment.basis, "from_on": amendment.from_on.isoformat()}
            if amendment
            else {"from_on": (today + dt.timedelta(days=1)).isoformat()}
        )
        present = bands_on(plan.pk, dt.date.max)
        moved = {b.kind: b for b in amendment.bands.all()} if amendment else {}
        self.today, self.present = today, present
        for kind, band in {**present, **moved}.items():
            given |= {f"{kind}_green": f"{band.green_from.normalize():f}", f"{kind}_yellow": f"{band.yellow_from.normalize():f}"}
        super().__init__(data, initial=given)
        for kind in present:
            label = Bands.Kind(kind).label
            for side, word in (("green", _t("绿灯下限")), ("yellow", _t("黄灯下限"))):
                self.fields[f"{kind}_{side}"] = forms.DecimalField(label=f"{label} {word}", max_digits=15, decimal_places=4)

    @property
    def head_fields(self) -> list[Any]:
        return [self[name] for name in ("reason", "basis", "from_on")]

    @property
    def band_fields(self) -> list[Any]:
        return [self[f"{kind}_{side}"] for kind in self.present for side in ("green", "yellow")]

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if day < self.today:
            raise forms.ValidationError(_t("生效日不能早于今天：已过的日子按当时的约定。"))
        return day

    @property
    def bands(self) -> dict[str, tuple[Decimal, Decimal]]:
        """The kinds whose limits differ from those in force."""
        typed = {kind: (self.cleaned_data[f"{kind}_green"], self.cleaned_data[f"{kind}_yellow"]) for kind in self.present}
        return {kind: pair for kind, pair in typed.items() if pair != (self.present[kind].green_from, self.present[kind].yellow_from)}

    def refuse(self, refused: NotAllowed) -> None:
        """Puts what the deed refused at its field."""
        for name, why in refused.fields.items():
            self.add_error(name if name in self.fields else f"{name}_yellow" if name in self.present else None, why)
        if not refused.fields:
            self.add_error(None, str(refused))


class ItemForm(forms.Form):
    """Every field of one item that an amendment may change, as it stands in the proposal or in force."""

    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=240, required=False)
    goal = forms.ChoiceField(label=_("所属板块"))
    lead = forms.ChoiceField(label=_("牵头"))
    leader = forms.ChoiceField(label=_("包联领导"), required=False)
    accrual = forms.ChoiceField(label=_("累计方式"), choices=Terms.Accrual.choices)
    reading = forms.ChoiceField(label=_("取数"), choices=Terms.Reading.choices)
    average = forms.ChoiceField(label=_("年均"), required=False, choices=[("", _("不取年均")), *Terms.Average.choices])
    comparator = forms.ChoiceField(label=_("比较方式"), choices=Target.Comparator.choices)
    value = forms.DecimalField(label=_("目标值"), max_digits=15, decimal_places=4, required=False)
    value_high = forms.DecimalField(label=_("上限"), max_digits=15, decimal_places=4, required=False, help_text=_("只用于区间"))
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    tolerance = forms.DecimalField(label=_("容差"), max_digits=9, decimal_places=6, required=False, help_text=_("只用于“左右”，如 0.05"))
    better = forms.ChoiceField(label=_("方向"), required=False, choices=[("", _("由比较方式定")), *Target.Better.choices])
    against = forms.CharField(label=_("参照指标编号"), max_length=80, required=False, help_text=_("只用于“与参照相比”；留空则由填报时给出"))
    offset = forms.DecimalField(label=_("比参照高"), max_digits=15, decimal_places=4, required=False, help_text=_("只用于“与参照相比”；低则为负"))
    due_on = forms.DateField(label=_("期限"), widget=forms.DateInput(attrs=DAY))
    firm = forms.ChoiceField(label=_("力度"), required=False, choices=[("", _("未写明")), *Target.Firm.choices])
    words = forms.CharField(label=_("原文用语"), max_length=40, required=False, help_text=_("如 以上、左右、不超过"))
    baseline = forms.DecimalField(label=_("基数"), max_digits=15, decimal_places=4, required=False)
    baseline_on = forms.DateField(label=_("基数日期"), required=False, widget=forms.DateInput(attrs=DAY))
    weight = forms.DecimalField(label=_("权重"), max_digits=9, decimal_places=6)
    binding = forms.ChoiceField(label=_("约束性"), required=False, choices=[("", _("未写明")), ("1", _("约束性")), ("0", _("预期性"))])
    acceptance = forms.CharField(label=_("验收标准"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"}))
    supports = forms.MultipleChoiceField(label=_("配合"), required=False, widget=forms.SelectMultiple(attrs={"size": "6"}), help_text=_("可选多个"))
    parts = forms.CharField(
        label=_("配合单位的分工"), required=False, widget=forms.Textarea(attrs={"rows": "3"}), help_text=_("每行一个单位，写作“单位：分工”；单位须在配合中选上")
    )
    withdrawn = forms.BooleanField(label=_("撤销本事项"), required=False, help_text=_("不再计入亮灯和汇总；页面保留，写明原因"))
    merged_into = forms.CharField(label=_("并入事项"), max_length=60, required=False, help_text=_("撤销后由哪一项接续，填编号"))

    OF_TERMS = ("accrual", "reading", "average", "baseline", "baseline_on")  # of an indicator alone
    OF_FINAL = ("comparator", "value", "value_high", "unit", "tolerance", "better", "offset", "against", "firm", "words")

    def __init__(self, data: Any, terms: Terms) -> None:
        self.terms, self.item = terms, terms.item
        self.final = final_of(terms)
        super().__init__(data, initial=initial_of(terms, self.final))
        self._offer(terms)
        if self.item.kind == Item.Kind.TASK:
            for name in self.OF_TERMS + self.OF_FINAL:
                del self.fields[name]
        self.steps = StepRows(data, terms) if self.item.kind == Item.Kind.TASK else None

    def _offer(self, terms: Terms) -> None:
        departments = [(str(d.pk), _named(d)) for d in Department.objects.of(terms.government_id).order_by("position", "code")]
        goals = [(str(g.pk), f"{'　' * (g.depth - 1)}{g}") for g in Goal.objects.filter(plan=terms.item.plan_id).order_by("path")]
        leaders = [("", _t("没有")), *((str(pk), name) for pk, name in _leaders(terms))]
        for name, choices in (("lead", departments), ("supports", departments), ("goal", goals), ("leader", leaders)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        steps = self.steps is None or self.steps.is_valid()
        return super().is_valid() and steps

    def clean_merged_into(self) -> Item | None:
        code = self.cleaned_data["merged_into"].strip()
        found = Item.objects.filter(plan=self.item.plan_id, code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_t("这份规划中没有编号为 %(code)s 的事项。") % {"code": code})
        return found

    def clean_against(self) -> int | None:
        code = self.cleaned_data["against"].strip()
        found = Measure.objects.of(self.terms.government_id).filter(code=code).values_list("pk", flat=True).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_t("没有这个指标口径。"))
        return found

    def clean(self) -> dict[str, Any]:
        """Departments' parts go to those that support: 住建局：落实用地."""
        given: dict[str, Any] = super().clean() or {}
        departments, self.said = Departments(self.terms.government_id), {}
        for line in filter(None, map(str.strip, given.get("parts", "").splitlines())):
            name, _mark, part = line.replace(":", "：", 1).partition("：")
            try:
                key = departments.read(name.strip())
            except Unread as why:
                self.add_error("parts", str(why))
                continue
            if str(key or "") not in given.get("supports", []):
                self.add_error("parts", _t("“%(name)s”没有在配合中选上。") % {"name": name.strip()})
            elif len(part.strip()) > LONGEST_PART:
                self.add_error("parts", _t("最长 %(n)d 个字。") % {"n": LONGEST_PART})
            elif key:
                self.said[key] = part.strip()
        return given

    def change(self) -> Change:
        """What the fields do to the item; the path stays as it was proposed or is in force."""
        given, base = self.cleaned_data, self.terms
        terms = {name: given[name] for name in ("name", "name_en", "weight", "acceptance", "withdrawn", "merged_into")}
        terms |= {
            "goal_id": int(given["goal"]),
            "lead_id": int(given["lead"]),
            "leader_id": int(given["leader"]) if given["leader"] else None,
            "binding": {"1": True, "0": False}.get(given["binding"]),
        }
        terms |= {name: getattr(base, name) for name in ("profile", "shares", "path_approved")}
        final = {"due_on": given["due_on"]}
        if self.item.kind == Item.Kind.INDICATOR:
            terms |= {name: given[name] for name in self.OF_TERMS}
            final |= {name: given[name] for name in self.OF_FINAL if name not in ("against", "offset")}
            final |= {"against_id": given["against"], "offset": given["offset"] or Decimal(0)}
        supports = {int(key): self.said.get(int(key), "") for key in given["supports"]}
        return Change(terms, final, self.steps.rows if self.steps else None, supports, path_of(base).interim)

    def refuse(self, refused: NotAllowed) -> None:
        """Puts what the deed refused at its field."""
        for name, why in refused.fields.items():
            self.add_error(name if name in self.fields else None, why)
        if not refused.fields:
            self.add_error(None, str(refused))


class StepRows:
    """The steps of a task as rows of a form, with some empty ones; a row without a name is none."""

    def __init__(self, data: Mapping[str, str] | None, terms: Terms) -> None:
        there = sorted(terms.steps.all(), key=lambda s: s.position)
        self.shown: list[dict[str, str]] = [
            {"name": s.name, "due": s.due_on.isoformat() if s.due_on else "", "weight": f"{s.weight.normalize():f}", "wrong": ""} for s in there
        ]
        self.shown += [{"name": "", "due": "", "weight": "", "wrong": ""} for _n in range(SPARE_STEPS)]
        self.english = {s.name: (s.name_en, s.stage) for s in there}
        self.rows: tuple[NewStep, ...] = ()
        if data is not None:
            self.shown = [{**row, **{part: data.get(f"step-{n}-{part}", "").strip() for part in ("name", "due", "weight")}} for n, row in enumerate(self.shown)]

    def is_valid(self) -> bool:
        """Reads the rows; says beside each what is wrong."""
        self.rows = tuple(step for row in self.shown if (step := self._read(row)))
        return not any(row["wrong"] for row in self.shown)

    def _read(self, row: dict[str, str]) -> NewStep | None:
        row["wrong"] = ""
        if not row["name"]:
            return None
        try:
            due, weight = dt.date.fromisoformat(row["due"]), Decimal(row["weight"] or "1")
        except (ValueError, ArithmeticError):
            row["wrong"] = _t("请填写节点的完成日和权重。")
            return None
        if not weight.is_finite() or not 0 < weight < 1000:
            row["wrong"] = _t("节点权重要大于 0，小于 1000。")
            return None
        name_en, stage = self.english.get(row["name"], ("", None))
        return NewStep(row["name"][:120], due, weight, name_en, stage)


def initial_of(terms: Terms, final: Target | None) -> dict[str, Any]:
    """The fields as terms say them; numbers without trailing zeros."""
    said: dict[str, Any] = {name: _typed(getattr(terms, name)) for name in ("name", "name_en", "weight", "baseline", "baseline_on", "acceptance", "withdrawn")}
    said |= {name: getattr(terms, name) for name in ("accrual", "reading", "average")} | {"leader": str(terms.leader_id or "")}
    for name in ("comparator", "value", "value_high", "unit", "tolerance", "due_on", "better", "firm", "words"):
        said[name] = _typed(getattr(final, name)) if final else None
    said["offset"] = _typed(final.offset) if final and final.offset else None
    said["against"] = final.against.code if final and final.against else ""
    said["parts"] = "\n".join(f"{s.department}：{s.part}" for s in terms.supports.all() if s.part)
    binding = {True: "1", False: "0", None: ""}[terms.binding]
    supports = [str(s.department_id) for s in terms.supports.all()]
    merged = terms.merged_into.code if terms.merged_into else ""
    return {**said, "goal": str(terms.goal_id), "lead": str(terms.lead_id or ""), "binding": binding, "supports": supports, "merged_into": merged}


def _typed(value: Any) -> Any:
    """A value as a field shows it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _leaders(terms: Terms) -> list[tuple[int, str]]:
    """Who leads now, and the leader that the item has. 1 statement."""
    now = Q(is_active=True, grants__role=Role.LEADER, grants__ended_at__isnull=True)
    found = User.objects.filter(now | Q(pk=terms.leader_id or 0), government=terms.government_id)
    return list(found.order_by("name", "pk").distinct().values_list("pk", "name"))


def _named(department: Department) -> str:
    return f"{department}（{_t('已撤销')}）" if department.until_on else str(department)
