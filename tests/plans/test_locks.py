"""Every way that Django and SQL offer to change what is published, tried: the database refuses each, on both databases.

What is not refused stands in ALLOWED with its reason.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from people import locks
from plans import amending
from plans.amending import Change
from plans.importing import load_draft
from plans.models import Amendment, Bands, Document, Goal, Item, Measure, Plan, Publication, Step, Support, Target, Terms
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-06-28")
OTHER = {"government", "government_id"}

# columns of frozen tables that may be written although the row is published, and why
ALLOWED: dict[type[models.Model], dict[str, str]] = {
    Terms: {}, Target: {}, Step: {}, Support: {}, Bands: {}, Publication: {}, Amendment: {},
    Item: {"position": "the order in lists promises nothing"},
    Measure: {
        "name_en": "a translation", "source": "who publishes the statistics, not what they say", "reporter": "departments merge; the duty moves, the promise stays",
        "cycle": "the rhythm of reporting is the administrator's", "release_lag": "belongs to the rhythm", "version": "counts edits",
    },
    Goal: {"version": "counts edits"},
    Plan: {"short": "what lists call it", "short_en": "what lists call it", "position": "the order in lists", "version": "counts edits", "state": "closes and opens again; never a draft"},
    Document: {},
}  # fmt: skip


@pytest.fixture
def city() -> cast.City:
    """With an amendment in force (its item has steps), one that is only proposed, and a draft plan."""
    city = cast.city()
    change = {"2-02": Change(terms={"name": "开工建设"}), "1-01": Change(supports={city.departments["zjj"].pk: "用地"})}
    words = {"reason": "省里追加", "basis": "会议纪要"}
    second = amending.propose(
        city.plan, city.person("supervisor"), AT, from_on=cast.dt.date(2022, 7, 1), changes=change, bands={"share": (cast.d("0"), cast.d("-12"))}, **words
    )
    amending.publish(second, city.person("supervisor2"), AT)
    amending.propose(
        city.plan, city.person("supervisor"), AT, from_on=cast.dt.date(2022, 9, 1), changes={"1-01": Change(), "2-02": Change()},
        bands={"share": (cast.d("0"), cast.d("-15"))}, **words,
    )  # fmt: skip
    load_draft(city.government, cast.body([cast.item("9-01", "草案", measure={"code": "draft"})], code="draft"), city.person("supervisor"), AT)
    return city


def published(model: type[models.Model]) -> models.QuerySet:
    """The rows of a table that are published."""
    out = Terms.objects.filter(published_at__isnull=False)
    found: dict[type[models.Model], Any] = {
        Terms: out, Target: Target.objects.filter(terms__in=out), Step: Step.objects.filter(terms__in=out), Support: Support.objects.filter(terms__in=out),
        Bands: Bands.objects.filter(amendment__state="published"), Amendment: Amendment.objects.filter(state="published"), Publication: Publication.objects.all(),
        Item: Item.objects.filter(terms__in=out).distinct(), Measure: Measure.objects.filter(items__terms__in=out).distinct(),
        Plan: Plan.objects.published(), Goal: Goal.objects.filter(plan__in=Plan.objects.published()), Document: Document.objects.filter(plans__in=Plan.objects.published()),
    }  # fmt: skip
    return found[model]


def refused(attack: Callable[[], object]) -> bool:
    """Whether the database refused; whatever passed is undone."""
    try:
        with transaction.atomic():
            attack()
            connection.check_constraints()
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


def sql(statement: str, *values: Any) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def another(field: Any, row: models.Model) -> Any:
    """Another value that the column holds."""
    value = getattr(row, field.attname)
    if field.is_relation:
        return field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True).first()
    if field.choices:
        return next(choice for choice, _label in field.choices if choice != value)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return not value
    if kind == "DateField":
        return (value or cast.dt.date(2022, 3, 1)) + cast.dt.timedelta(days=1)
    if kind == "DateTimeField":
        return (value or AT) + cast.dt.timedelta(days=1)
    if "Integer" in kind or kind == "DecimalField":
        return (value or 0) + 1
    return f"{value}x"[-field.max_length if field.max_length else -9 :]


def columns(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in OTHER]


def test_no_column_of_what_is_published_is_written_by_save_update_bulk_update_or_sql(city: cast.City) -> None:
    passed = set()
    for model, allowed in ALLOWED.items():
        row = published(model).order_by("pk").last()
        assert row is not None, model
        for field in columns(model):
            new = another(field, row)
            if new is None:
                continue
            changed = model._default_manager.get(pk=row.pk)
            setattr(changed, field.attname, new)
            attacks: dict[str, Callable[[], object]] = {
                "save": lambda changed=changed, field=field: changed.save(update_fields=[field.name]),
                "update": lambda model=model, row=row, field=field, new=new: model._default_manager.filter(pk=row.pk).update(**{field.attname: new}),
                "bulk_update": lambda model=model, changed=changed, field=field: model._default_manager.bulk_update([changed], [field.name]),
                "sql": sql(f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s', field.get_db_prep_save(new, connection), row.pk),
            }
            passed |= {(model.__name__, field.name, way) for way, attack in attacks.items() if not refused(attack) and field.name not in allowed}
    assert passed == set()


def test_nothing_published_is_deleted_or_emptied(city: cast.City) -> None:
    connection.check_constraints()  # no row of this test waits for the end of its transaction
    passed = set()
    for model in set(ALLOWED) - {Measure}:
        row, table = published(model).order_by("pk").last(), model._meta.db_table
        attacks = {
            "delete": lambda model=model, row=row: model._default_manager.filter(pk=row.pk)._raw_delete("default"),  # type: ignore[attr-defined]
            "sql": sql(f'DELETE FROM "{table}" WHERE id = %s', row.pk),
            "all": sql(f'TRUNCATE "{table}" CASCADE' if connection.vendor == "postgresql" else f'DELETE FROM "{table}"'),
        }
        passed |= {(model.__name__, way) for way, attack in attacks.items() if not refused(attack)}
    assert passed == set()


def test_nothing_is_added_to_what_is_published(city: cast.City) -> None:
    terms = published(Terms).order_by("pk").last()
    first = terms.targets.first()
    values = {f.attname: getattr(first, f.attname) for f in Target._meta.concrete_fields if not f.primary_key}
    of_terms = {f.attname: getattr(terms, f.attname) for f in Terms._meta.concrete_fields if not f.primary_key}
    proposed = Amendment.objects.get(plan=city.plan, state="proposed")
    own = {"government_id": city.government.pk}
    later = cast.dt.date(2022, 12, 1)
    attacks: dict[str, Callable[[], object]] = {
        "target": lambda: Target.objects.create(**{**values, "role": "interim"}),
        "target, many": lambda: Target.objects.bulk_create([Target(**{**values, "role": "interim"})]),
        "step": lambda: Step.objects.create(**own, terms=terms, position=99, name="x", due_on=later),
        "support": lambda: Support.objects.create(**own, terms=terms, department=city.departments["tjj"]),
        "bands": lambda: Bands.objects.create(**own, plan=city.plan, amendment=terms.amendment, kind="node", green_from=0, yellow_from=-50),
        "terms, published": lambda: Terms.objects.create(**{**of_terms, "from_on": later, "amendment_id": proposed.pk}),
        "terms, late": lambda: Terms.objects.create(**{**of_terms, "item_id": city.item("1-02").pk, "published_at": None}),
        "amendment": lambda: Amendment.objects.create(
            **own, plan=city.plan, number=9, state="published", from_on=later, proposed_by=city.user("supervisor"), published_by=city.user("supervisor2")
        ),
    }
    assert {way for way, attack in attacks.items() if not refused(attack)} == set()


def test_what_is_proposed_comes_into_force_only_by_a_second_person(city: cast.City) -> None:
    proposed = Amendment.objects.get(plan=city.plan, state="proposed")
    terms = Terms.objects.filter(amendment=proposed)
    out = Amendment.objects.get(plan=city.plan, number=1)
    helper = city.user("supervisor2")
    proposed.makers.add(helper)
    attacks: dict[str, Callable[[], object]] = {
        "stamped": lambda: terms.update(published_at=AT),
        "moved into a published one": lambda: terms.filter(item__code="1-01").update(amendment=Amendment.objects.get(plan=city.plan, number=0)),
        "stamped elsewhere": lambda: terms.filter(item__code="1-01").update(amendment=out, published_at=AT),
        "by nobody": lambda: Amendment.objects.filter(pk=proposed.pk).update(state="published"),
        "by its proposer": lambda: Amendment.objects.filter(pk=proposed.pk).update(state="published", published_by=city.user("supervisor")),
        "by who wrote in it": lambda: Amendment.objects.filter(pk=proposed.pk).update(state="published", published_by=helper),
        "as the first": lambda: Amendment.objects.filter(pk=proposed.pk).update(number=0, state="published"),
        "targets moved under published terms": lambda: Target.objects.filter(terms__in=terms).update(terms=published(Terms).first()),
        "published targets moved away": lambda: published(Target).update(terms=terms.first()),
    }
    assert {way for way, attack in attacks.items() if not refused(attack)} == set()


@pytest.mark.parametrize("state", ["published", "rejected"])
def test_what_was_decided_is_not_taken_back(city: cast.City, state: str) -> None:
    proposed = Amendment.objects.get(plan=city.plan, state="proposed")
    if state == "rejected":
        amending.reject(proposed, city.person("supervisor2"), AT, "理由不足")
    row = Amendment.objects.filter(plan=city.plan, state=state).order_by("number").last()
    assert row is not None
    for change in ({"state": "proposed"}, {"reason": "改写"}, {"published_by": None}):
        assert refused(lambda change=change: Amendment.objects.filter(pk=row.pk).update(**change)), change
    assert refused(lambda: Plan.objects.filter(pk=city.plan.pk).update(state="draft"))


def test_what_each_database_offers_besides_changes_nothing_either(city: cast.City) -> None:
    """Each has ways of its own: SQLite REPLACE, PostgreSQL upserts, deletes inside a query, and triggers that are switched off."""
    {"sqlite": _replace_replaces_nothing, "postgresql": _an_upsert_changes_nothing_and_a_trigger_that_was_switched_off_is_missed}[connection.vendor](city)


def _replace_replaces_nothing(city: cast.City) -> None:
    """REPLACE deletes without a word unless the connection lets delete triggers speak; a draft's row may not take a published one's place either."""
    passed = set()
    for model in ALLOWED:
        row = published(model).order_by("pk").last()
        fields = model._meta.concrete_fields
        names, marks = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
        values = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
        statement = f'INSERT OR REPLACE INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
        if not refused(sql(statement, *values)) and model is not Measure:
            passed.add(model.__name__)
    proposed = Target.objects.filter(terms__published_at__isnull=True, terms__item__plan=city.plan).first()
    assert proposed is not None
    if not refused(sql("UPDATE OR REPLACE plans_target SET id = %s WHERE id = %s", published(Target).values_list("pk", flat=True).last(), proposed.pk)):
        passed.add("update or replace")
    assert passed == set()


def _an_upsert_changes_nothing_and_a_trigger_that_was_switched_off_is_missed(city: cast.City) -> None:
    target = published(Target).last()
    fields = list(Target._meta.concrete_fields)
    names, marks = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
    values = [f.get_db_prep_save(getattr(target, f.attname), connection) for f in fields]
    assert refused(sql(f"INSERT INTO plans_target ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET value = 1", *values))
    assert refused(sql(f"WITH gone AS (DELETE FROM plans_target WHERE id = {target.pk} RETURNING *) SELECT count(*) FROM gone"))
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute('ALTER TABLE plans_target DISABLE TRIGGER "lock_target_update"')
    assert locks.count() == locks.expected() - 1


def test_without_its_locks_each_of_these_would_pass(city: cast.City) -> None:
    target, item = published(Target).last(), city.item("1-01")
    locks.lift()
    passed = {
        "target": Target.objects.filter(pk=target.pk).update(value=1),
        "item": Item.objects.filter(pk=item.pk).update(measure=city.measure("cloud")),
        "goal": Goal.objects.filter(plan=city.plan).update(title="x"),
        "terms": Terms.objects.filter(amendment__state="proposed", item__plan=city.plan).update(published_at=AT),
    }
    assert all(passed.values()), passed


def test_an_items_draft_may_still_be_changed_and_deleted(city: cast.City) -> None:
    """The locks hold what is published, no more."""
    draft = Plan.objects.get(code="draft")
    item = Item.objects.get(plan=draft)
    assert Target.objects.filter(terms__item=item).update(value=5) == 1
    assert Measure.objects.filter(items=item).update(unit="家") == 1
    assert Goal.objects.filter(plan=draft).update(title="板块") == 2
    Terms.objects.filter(item=item).delete()
    assert item.delete()[0] == 1
