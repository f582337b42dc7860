"""Filters of lists: django-filter reads the URL, so a view can be sent to a colleague; this writes the form.

    class ItemFilters(Filters):
        chips = ("light",)                                            # shown as links; everything else is a select or a field
        q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("名称"))
        department = django_filters.ChoiceFilter(field_name="lead", label=_("部门"), empty_label=_("全部部门"), choices=…)
        light = django_filters.ChoiceFilter(label=_("亮灯"), choices=Light.choices)

    filters = ItemFilters(request.GET, queryset=…, counts={"light": {"red": 9}})
    ItemListing(filters.qs.values(…)).on(request)                    {% filters filters table.rows|length %}{% listing table %}

Strict: with an invalid value in the URL the list is empty and the form says why. A choice filter's choices may be a function.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_filters.conf import settings as filter_settings

from tracker.markup import format_html, format_html_join

LOOKUPS = {
    "exact": "",
    "icontains": _("包含"),
    "contains": _("包含"),
    "startswith": _("开头为"),
    "gt": _("大于"),
    "gte": _("不小于"),
    "lt": _("小于"),
    "lte": _("不大于"),
    "in": _("属于"),
    "isnull": _("为空"),
    "range": _("介于"),
}
PAGE_KEYS = ("page",)


class Filters(django_filters.FilterSet):
    """The base of every list's filters. `chips` names the choice filters shown as links; `counts` gives the counts behind them."""

    chips: tuple[str, ...] = ()

    def __init__(self, *args: Any, counts: Mapping[str, Mapping[str, int]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts = counts or {}
        for one in self.filters.values():
            one.label = label_of(one)

    @property
    def qs(self) -> QuerySet:
        """The filtered rows; none where a value is invalid."""
        if self.is_bound and not self.form.is_valid():
            return self.queryset.none()
        return super().qs

    def html(self, request: HttpRequest | None = None, total: int | None = None) -> SafeString:
        """The form: selects and fields, a submit button, chips, a link that clears what is set, how many there are, and what is wrong."""
        query = request.GET.copy() if request else QueryDict(mutable=True)
        if isinstance(self.data, QueryDict) and not request:
            query = self.data.copy()
        for key in PAGE_KEYS:
            query.pop(key, None)
        names = [name for name in self.form.fields if name not in self.chips]
        kept = [(key, value) for key, values in query.lists() if key not in names for value in values]
        return format_html(
            '<form class="filters" method="get" aria-label="{}">{}{}{}{}{}{}{}</form>',
            gettext("筛选"),
            format_html_join("", '<input type="hidden" name="{}" value="{}">', kept),
            format_html_join("", "{}", ((self._control(self.form[name]),) for name in names)),
            format_html('<button class="button button--small">{}</button>', gettext("筛选")) if names else "",
            format_html_join("", "{}", ((self._chips(name, query),) for name in self.chips)),
            self._clear(query),
            "" if total is None else format_html('<p class="hint">{}</p>', ngettext("%(n)d 项", "%(n)d 项", total) % {"n": total}),
            self._errors(),
        )

    def _control(self, bound: BoundField) -> SafeString:
        """A select that submits itself, or a small field with its label before it."""
        if isinstance(bound.field, forms.ChoiceField) and not isinstance(bound.field, forms.MultipleChoiceField):
            return select(bound)
        attrs: dict[str, Any] = {"class": "input input--small"} | ({"aria-invalid": "true"} if bound.errors else {})
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d") if isinstance(bound.field, forms.DateField) else None
        return format_html('<label class="filters__field"><span>{}</span>{}</label>', bound.label, bound.as_widget(widget, attrs=attrs))

    def _chips(self, name: str, query: QueryDict) -> SafeString:
        """One link a choice, keeping the rest of the query; the one in force leads back to all."""
        chosen, counts, rest = query.get(name, ""), self.counts.get(name, {}), without(query, [name])
        return format_html_join(
            "", "{}", ((chip(rest, name, value, label, value == chosen, counts.get(value)),) for value, label in choices_of(self.form[name]))
        )

    def _clear(self, query: QueryDict) -> str | SafeString:
        used = [name for name in self.form.fields if query.get(name)]
        return format_html('<a class="small" href="{}">{}</a>', without(query, used), gettext("清除")) if used else ""

    def _errors(self) -> SafeString:
        if not self.is_bound or self.form.is_valid():
            return SafeString("")
        wrong = ((name, errors) for name, errors in self.form.errors.items() if name in self.form.fields)
        lines = ((gettext("%(label)s：%(words)s") % {"label": self.form[name].label, "words": " ".join(map(str, errors))},) for name, errors in wrong)
        return format_html_join("", '<p class="error" role="alert">{}</p>', lines)


def label_of(one: django_filters.Filter) -> Any:
    """A filter's own label, with the lookup in words where it is none of equality. Every filter is given a label."""
    own = one.__dict__.get("_label")
    if not own:
        raise ValueError(f"The filter on '{one.field_name}' needs a label.")
    word = LOOKUPS.get(one.lookup_expr, "") if isinstance(one, django_filters.NumberFilter | django_filters.DateFilter) else ""
    return format_html("{} {}", own, word) if word else own


def choices_of(bound: BoundField) -> Iterable[tuple[str, str]]:
    """The values and words of a choice field, without the empty one."""
    return [(str(value), str(label)) for value, label in getattr(bound.field, "choices", ()) if value not in (None, "")]


def select(bound: BoundField) -> SafeString:
    """A select in one string: Django's own renders a template an option."""
    chosen = str(bound.value() or "")
    options = ((value, SafeString(" selected") if value == chosen else "", label) for value, label in choices_of(bound))
    everything = getattr(bound.field, "empty_label", None)
    if everything in (None, filter_settings.EMPTY_CHOICE_LABEL):
        everything = gettext("全部%(what)s") % {"what": bound.label}
    return format_html(
        '<select class="input input--small" name="{}" id="{}" aria-label="{}"{} data-submit><option value="">{}</option>{}</select>',
        bound.html_name,
        bound.auto_id,
        bound.label,
        SafeString(' aria-invalid="true"') if bound.errors else "",
        everything,
        format_html_join("", '<option value="{}"{}>{}</option>', options),
    )


def chip(rest: str, name: str, value: str, label: str, current: bool, count: int | None = None) -> SafeString:
    """A choice as a link with the count behind it. `rest`: the query without it, from its "?" on."""
    href = rest if current else f"{rest}{'&' if len(rest) > 1 else ''}{urlencode({name: value})}"
    words = label if count is None else format_html("{} {}", label, count)
    return format_html('<a class="chip" href="{}"{}>{}</a>', href, SafeString(' aria-current="true"') if current else "", words)


def without(query: QueryDict, names: Iterable[str]) -> str:
    """The query string without these keys."""
    changed = query.copy()
    for name in names:
        changed.pop(name, None)
    return f"?{changed.urlencode()}"
