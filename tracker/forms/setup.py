"""The form of the first start."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.forms import NewPasswordForm
from people.models import Government
from people.setting_up_forms import AnsweringForm
from plans.models import Cycle
from plans.setting_up import AFTER, LAST_MONTH, Blueprint

REQUIRED = {"required": _("请填写。"), "invalid": _("请填数字。")}
PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


def _text(label: Any, longest: int, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, error_messages=REQUIRED, **given)


def _limit(label: Any, first: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, initial=first, max_digits=6, decimal_places=2, error_messages=REQUIRED)


class SetupForm(NewPasswordForm, AnsweringForm):
    """A government, its rhythm and bands, its office and first administrator."""

    guard = _text(_("服务器上的验证码"), 40, help_text=_("印在服务器的控制台或日志里。"), widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "off"}))
    name = _text(_("政府名称"), 80, help_text=_("如：信阳市"))
    name_en = _text(_("英文名"), 120, required=False)
    code = _text(_("代码"), 40, help_text=_("小写字母、数字和 -，以后不能改。"), widget=forms.TextInput(attrs=PLAIN))
    level = forms.ChoiceField(label=_("级别"), choices=Government.Level.choices, initial=Government.Level.CITY)
    zone = _text(_("时区"), 40, initial="Asia/Shanghai", widget=forms.TextInput(attrs=PLAIN))
    office = _text(_("办公机构全称"), 80, help_text=_("管理员所在的部门，如：市人民政府办公室"))
    office_short = _text(_("简称"), 40, required=False)
    due = forms.ChoiceField(
        label=_("报送"),
        widget=forms.RadioSelect,
        initial=AFTER,
        choices=[(AFTER, _("期后：月报次月 5 日，季报次月 15 日，年报次月 31 日")), (LAST_MONTH, _("期内：最后一个月的 25 日"))],
    )
    shift = forms.ChoiceField(label=_("遇节假日"), choices=Cycle.Shift.choices, initial=Cycle.Shift.AFTER)
    grace_days = forms.IntegerField(label=_("宽限天数"), min_value=0, max_value=60, initial=0, error_messages=REQUIRED)
    county_day = forms.IntegerField(label=_("县区季报日"), min_value=1, max_value=31, required=False, help_text=_("县区提早报就填几日，同其他部门就空着。"))
    share_yellow = _limit(_("完成比例：偏慢不低于（百分点）"), "-10")
    points_yellow = _limit(_("指标值：偏慢不低于（百分点）"), "-1")
    node_green = _limit(_("汇总：正常不低于（百分点）"), "-2")
    node_yellow = _limit(_("汇总：偏慢不低于（百分点）"), "-10")
    person = _text(_("管理员姓名"), 40)
    login = _text(_("登录名"), 60, help_text=_("小写字母、数字，以后不能改。"), widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "username"}))
    email = forms.EmailField(label=_("邮箱"), required=False, max_length=254, error_messages={"invalid": _("邮箱格式不对。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(None, *args, **kwargs)

    def blueprint(self) -> Blueprint:
        """What was typed, as the deed takes it."""
        given = self.cleaned_data
        bands = {
            "share": ("0", str(given["share_yellow"])), "points": ("0", str(given["points_yellow"])),
            "node": (str(given["node_green"]), str(given["node_yellow"])),
        }  # fmt: skip
        names = ("code", "name", "name_en", "level", "zone", "office", "office_short", "due", "shift", "grace_days", "county_day", "person", "email")
        return Blueprint(login=given["login"].strip().lower(), bands=bands, **{name: given[name] for name in names})
