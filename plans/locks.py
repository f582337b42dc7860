"""What is published is frozen by the database: terms and all that hangs on them, bands, amendments, published papers."""

from people.locks import lock

_TERMS_PUBLISHED = "EXISTS (SELECT 1 FROM plans_terms WHERE plans_terms.id = {row}.terms_id AND plans_terms.published_at IS NOT NULL)"
_AMENDMENT_PUBLISHED = "EXISTS (SELECT 1 FROM plans_amendment WHERE plans_amendment.id = {row}.amendment_id AND plans_amendment.state = 'published')"
_CHANGES = ("UPDATE", "DELETE")
_ALL = ("INSERT", "UPDATE", "DELETE")

lock("terms", "plans_terms", _CHANGES, "published terms are changed only by an amendment", "{row}.published_at IS NOT NULL")
for _table in ("target", "step", "support"):
    lock(_table, f"plans_{_table}", _ALL, f"a {_table} of published terms is changed only by an amendment", _TERMS_PUBLISHED, moves=True)
lock("bands", "plans_bands", _ALL, "published bands are changed only by an amendment", _AMENDMENT_PUBLISHED, moves=True)
lock("amendment", "plans_amendment", _CHANGES, "a published amendment is never changed", "{row}.state = 'published'")
lock("publication", "plans_publication", _CHANGES, "a published paper is never changed")
lock(
    "item", "plans_item", ("DELETE",), "an item that was published is withdrawn, never deleted",
    "EXISTS (SELECT 1 FROM plans_terms WHERE plans_terms.item_id = {row}.id AND plans_terms.published_at IS NOT NULL)",
)  # fmt: skip

_INCOMPLETE = """{row}.published_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM plans_target WHERE plans_target.terms_id = {row}.id AND plans_target.due_on IS NULL)
    OR EXISTS (SELECT 1 FROM plans_step WHERE plans_step.terms_id = {row}.id AND plans_step.due_on IS NULL)
    OR EXISTS (SELECT 1 FROM plans_item JOIN plans_measure ON plans_measure.id = plans_item.measure_id
               WHERE plans_item.id = {row}.item_id AND plans_measure.reporter_id IS NULL))"""
lock("complete", "plans_terms", ("UPDATE",), "what is published has its days and its reporter", _INCOMPLETE, moves=True)
lock(
    "reporter", "plans_measure", ("UPDATE",), "a measure that a published plan reads keeps a reporter",
    "{row}.reporter_id IS NULL AND EXISTS (SELECT 1 FROM plans_terms JOIN plans_item ON plans_item.id = plans_terms.item_id"
    " WHERE plans_item.measure_id = {row}.id AND plans_terms.published_at IS NOT NULL)",
    moves=True,
)  # fmt: skip
