"""What is published is frozen by the database: terms and all that hangs on them, bands, amendments, published papers, and what
they rest on: what an item reads, the tree, the span and the source of a plan.

A version comes into force in one way only: its amendment is published by a second person, then its terms are stamped
with the instant, and nothing else of them may change any more.
"""

from people.locks import lock
from plans.models import Terms

_CHANGES = ("UPDATE", "DELETE")
_ALL = ("INSERT", "UPDATE", "DELETE")

_AMENDMENT_PUBLISHED = "EXISTS (SELECT 1 FROM plans_amendment WHERE plans_amendment.id = {row}.amendment_id AND plans_amendment.state = 'published')"
_TERMS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM plans_terms JOIN plans_amendment ON plans_amendment.id = plans_terms.amendment_id WHERE plans_terms.id = {row}.terms_id"
    " AND (plans_terms.published_at IS NOT NULL OR plans_amendment.state = 'published'))"
)
_ITEM_PUBLISHED = "EXISTS (SELECT 1 FROM plans_terms WHERE plans_terms.item_id = {row}.id AND plans_terms.published_at IS NOT NULL)"
_MEASURE_PUBLISHED = (
    "EXISTS (SELECT 1 FROM plans_terms JOIN plans_item ON plans_item.id = plans_terms.item_id"
    " WHERE plans_item.measure_id = {row}.id AND plans_terms.published_at IS NOT NULL)"
)
_OUT = "('published', 'closed')"

# the promise itself
_TERMS_COLUMNS = tuple(str(f.column) for f in Terms._meta.concrete_fields if f.column not in ("id", "published_at"))
_BY_AMENDMENT = "published terms are changed only by an amendment"
lock("terms", "plans_terms", _CHANGES, _BY_AMENDMENT, "{row}.published_at IS NOT NULL")
lock("terms_in", "plans_terms", ("INSERT", "DELETE"), _BY_AMENDMENT, f"{{row}}.published_at IS NOT NULL OR {_AMENDMENT_PUBLISHED}")
lock("terms_kept", "plans_terms", ("UPDATE",), _BY_AMENDMENT, _AMENDMENT_PUBLISHED, moves=True, columns=_TERMS_COLUMNS)
lock(
    "terms_stamped", "plans_terms", ("UPDATE",), "terms are published with their amendment",
    f"{{row}}.published_at IS NOT NULL AND NOT {_AMENDMENT_PUBLISHED}", moves=True,
)  # fmt: skip
for _table in ("target", "step", "support"):
    lock(_table, f"plans_{_table}", _ALL, f"a {_table} of published terms is changed only by an amendment", _TERMS_PUBLISHED, moves=True)
lock("bands", "plans_bands", _ALL, "published bands are changed only by an amendment", _AMENDMENT_PUBLISHED, moves=True)
lock("publication", "plans_publication", _CHANGES, "a published paper is never changed")

# the amendment: nobody is both its maker and its publisher, and what was decided stays
lock("amendment", "plans_amendment", _CHANGES, "an amendment that was decided is never changed", "{row}.state IN ('published', 'rejected')")
lock("amendment_in", "plans_amendment", ("INSERT",), "an amendment is proposed before it is published", "{row}.state = 'published'")
lock(
    "amendment_out", "plans_amendment", ("UPDATE",), "an amendment is published by a second person, from what was proposed",
    "{new}.state = 'published' AND ({old}.state <> 'proposed' OR {new}.plan_id <> {old}.plan_id OR {new}.endorsed_by_id = {new}.published_by_id"
    " OR EXISTS (SELECT 1 FROM plans_amendment_makers WHERE plans_amendment_makers.amendment_id = {new}.id"
    " AND plans_amendment_makers.user_id = {new}.published_by_id))",
)  # fmt: skip

# what the promise rests on
lock("item", "plans_item", ("DELETE",), "an item that was published is withdrawn, never deleted", _ITEM_PUBLISHED)
lock(
    "item_kept", "plans_item", ("UPDATE",), "what a published item reads and where it belongs is not changed", _ITEM_PUBLISHED,
    columns=("government_id", "plan_id", "code", "kind", "part_of_id"),
)  # fmt: skip
lock(
    "item_reads", "plans_item", ("UPDATE",), "what a published item reads is changed only by a link that two people decided",
    "EXISTS (SELECT 1 FROM plans_terms WHERE plans_terms.item_id = {old}.id AND plans_terms.published_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM"
    " plans_likeness WHERE plans_likeness.moved_id = {old}.id AND plans_likeness.left_id = {old}.measure_id AND plans_likeness.reads_id = {new}.measure_id"
    " AND plans_likeness.kind = 'same' AND plans_likeness.state = 'decided')", columns=("measure_id",),
)  # fmt: skip
lock(
    "measure_kept", "plans_measure", ("UPDATE",), "what a published plan reads keeps its unit, its kind and its definition", _MEASURE_PUBLISHED,
    columns=("government_id", "code", "name", "unit", "kind", "definition"),
)  # fmt: skip
lock(
    "goal", "plans_goal", _CHANGES, "the tree of a published plan is not changed",
    "EXISTS (SELECT 1 FROM plans_plan WHERE plans_plan.id = {row}.plan_id AND plans_plan.state IN ('published', 'closed'))", moves=True,
    columns=("government_id", "plan_id", "parent_id", "path", "position", "title", "title_en"),
)  # fmt: skip
lock("plan", "plans_plan", ("DELETE",), "a published plan is never deleted", f"{{row}}.state IN {_OUT}")
lock(
    "plan_kept", "plans_plan", ("UPDATE",), "a published plan keeps its span, its name and its source", f"{{row}}.state IN {_OUT}",
    columns=("government_id", "document_id", "code", "title", "title_en", "start", "end", "cycle_id"),
)  # fmt: skip
lock("plan_out", "plans_plan", ("UPDATE",), "a published plan is no draft any more", f"{{old}}.state IN {_OUT} AND {{new}}.state NOT IN {_OUT}")
lock(
    "document", "plans_document", _CHANGES, "the source of a published plan is not changed",
    "EXISTS (SELECT 1 FROM plans_plan WHERE plans_plan.document_id = {row}.id AND plans_plan.state IN ('published', 'closed'))",
    columns=("government_id", "number", "title", "title_en", "issuer", "date"),
)  # fmt: skip

_INCOMPLETE = """{row}.published_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM plans_target WHERE plans_target.terms_id = {row}.id AND plans_target.due_on IS NULL)
    OR EXISTS (SELECT 1 FROM plans_step WHERE plans_step.terms_id = {row}.id AND plans_step.due_on IS NULL)
    OR EXISTS (SELECT 1 FROM plans_item JOIN plans_measure ON plans_measure.id = plans_item.measure_id
               WHERE plans_item.id = {row}.item_id AND plans_measure.reporter_id IS NULL))"""
lock("complete", "plans_terms", ("UPDATE",), "what is published has its days and its reporter", _INCOMPLETE, moves=True)
lock(
    "reporter", "plans_measure", ("UPDATE",), "a measure that a published plan reads keeps a reporter",
    f"{{row}}.reporter_id IS NULL AND {_MEASURE_PUBLISHED}", moves=True,
)  # fmt: skip

for _table in ("opinion", "reply", "issuancefile", "closure"):
    lock(_table, f"plans_{_table}", _CHANGES, "what was said to a draft and how it was issued is never changed")
lock("issuance", "plans_issuance", _CHANGES, "what was issued is never changed", "{row}.state = 'published'")
lock("signature", "plans_signature", _CHANGES, "a signature is never changed", "{row}.signed_by_id IS NOT NULL")
lock("conflictdecision", "plans_conflictdecision", _CHANGES, "what was decided about a conflict is never changed; a later decision stands in its place")
lock("conflict", "plans_conflict", ("DELETE",), "a conflict is decided, never deleted")
lock("likeness", "plans_likeness", _CHANGES, "what was decided about two items is never changed", "{row}.state <> 'proposed'")
lock("likeness_in", "plans_likeness", ("INSERT",), "a link is proposed before it is decided", "{row}.kind = 'same' AND {row}.state <> 'proposed'")
