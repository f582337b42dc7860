"""The issued table again, cell by cell: what nobody changed stands as it stood, what was changed stands as it is now."""

from collections.abc import Iterable, Mapping
from typing import Any

from plans.papers import columns as role
from plans.papers.columns import Column, Header
from plans.papers.lists import OWNER_LINE
from plans.papers.tables import address_of
from plans.papers.words import even
from plans.sheets.papers import Cell, Grid, Paper, Text

Item = dict[str, Any]
PARTS = ("name", "unit", "value", "due", "lead", "supporting")  # of an item, as cells tell them
SIGNS = {"at_least": "≥", "at_most": "≤", "about": "≈", "exactly": "=", "between": ""}
BEHIND = ("以上", "以下", "以内", "之内", "内", "左右", "上下", "及以上")
USUAL = {"at_most": ("不超过", ""), "about": ("", "左右")}  # where the words are not kept


def tables(paper: Paper, headers: list[tuple[str, Header]], read: Mapping[str, Item], now: Iterable[Item]) -> list[tuple[str, list[list[Cell]]]]:
    """Sheets of rows of cells: every table of the paper, and its paragraphs as a sheet of one column.

    `read`: the items as they were taken, by code; `now`: those of the draft.
    """
    current = {item["code"]: item for item in now}
    rows: dict[str, list[str]] = {}
    for code, item in read.items():
        rows.setdefault(item["row"], []).append(code)
    new = [item for code, item in current.items() if code not in read]
    sheets = []
    texts = [block for block in paper.blocks if isinstance(block, Text)]
    if texts:
        sheets.append(("正文", _lines(texts, rows, read, current)))
    for block in paper.blocks:
        if isinstance(block, Grid) and not block.hidden:
            own = [header for name, header in headers if name == block.name]
            sheets.append((block.name, _grid(block, own, rows, read, current)))
    if new and sheets:
        name, last = sheets[-1]
        own = [header for key, header in headers if key == name]
        sheets[-1] = (name, last + [_added(item, own[-1] if own else None, n) for n, item in enumerate(new, start=1)])
    return sheets


def _changed(codes: list[str], read: Mapping[str, Item], current: Mapping[str, Item]) -> set[str]:
    """The fields in which a row's items are not what the paper said."""
    found = set()
    for code in codes:
        if code not in current:
            found.add("gone")
            continue
        found |= {name for name in PARTS if _plain(name, read[code]) != _plain(name, current[code])}
    return found


def _plain(name: str, item: Item) -> Any:
    if name == "due":
        return item["targets"][-1]["due"]
    if name == "value":
        return [(t["comparator"], t["value"], t["value_high"], t["offset"]) for t in item["targets"]]
    if name in ("lead", "supporting") and set(item.get("why", {}).values()) & {"unknown", "group"}:
        known = [word for word in item["supporting"] if word not in item["unknown"]]
        return (None if item["why"].get("lead") in ("unknown", "group") else item["lead"]) if name == "lead" else known or None
    return item[name] or None


def _grid(grid: Grid, headers: list[Header], rows: Mapping[str, list[str]], read: Mapping[str, Item], current: Mapping[str, Item]) -> list[list[Cell]]:
    made = []
    for n, cells in enumerate(grid.rows):
        codes = rows.get(address_of(cells, grid.name), [])
        changed = _changed(codes, read, current)
        left = [current[code] for code in codes if code in current]
        if not codes or not changed:
            made.append(cells)
        elif left:
            header = next((h for h in reversed(headers) if h.row < n), None)
            made.append([_cell(cell, _column(header, at), left, changed, apart=_apart(header)) for at, cell in enumerate(cells)])
    return made


def _column(header: Header | None, at: int) -> Column | None:
    return next((column for column in header.columns if column.index == at), None) if header else None


def _apart(header: Header | None) -> bool:
    """Whether figures have a column of their own, so that the wording does not say them too."""
    return header is not None and any(column.role in (role.VALUE, role.TOTAL, role.COUNTY) for column in header.columns)


def _cell(cell: Cell, column: Column | None, items: list[Item], changed: set[str], *, apart: bool) -> Cell:
    if column is not None and column.role == role.COUNTY and "value" in changed:
        part = next((item for item in items if "part_of" in item and item["lead"] == column.department), None)
        text = _figure(part["targets"][-1]) if part else None
    else:
        text = None if column is None else _text(column.role, items, changed, whole=False, apart=apart)
    return cell if text is None else Cell(text, text, False, cell.address)


def _text(kind: str, items: list[Item], changed: set[str], *, whole: bool, apart: bool) -> str | None:
    """What a cell of this kind says now; None where it says what it said."""
    items = [item for item in items if "part_of" not in item] or items
    first = items[0]
    final = first["targets"][-1]
    if kind in (role.LEAD, role.ANY) and changed & {"lead", "supporting"}:
        names = [first["lead"] or "", *(first["supporting"] if kind == role.ANY else [])]
        return "、".join(name for name in names if name)
    if kind == role.SUPPORT and "supporting" in changed:
        return "、".join(first["supporting"])
    if kind == role.DUE and "due" in changed:
        return final["due"] or ""
    if kind in (role.VALUE, role.TOTAL) and "value" in changed:
        return _figure(final)
    if kind == role.UNIT_OF and "unit" in changed:
        return first["unit"] or ""
    if kind in (role.CONTENT, role.NAME) and (changed & ({"name", "gone"} if apart else {"name", "value", "unit", "gone"}) or whole):
        return first["name"] if kind == role.NAME else "；".join(item["name"] if apart else wording(item) for item in items)
    return None


def _figure(target: Item) -> str:
    return "" if target["value"] is None else f"{target['value']}{'-' + target['value_high'] if target['value_high'] else ''}"


def wording(item: Item) -> str:
    """An item in words: 新增5G基站2000个以上."""
    final = item["targets"][-1]
    if final["value"] is None:
        return f"{item['name']}{final['words'] if final['comparator'] == 'relative' else ''}"
    before, after = _words(final)
    unit = f"个{item['unit']}" if item["unit"] == "百分点" else item["unit"] or ""
    return f"{item['name']}{before}{final['value']}{'—' + final['value_high'] if final['value_high'] else ''}{unit}{after}"


def _words(target: Item) -> tuple[str, str]:
    """The text's own words of comparing, before and behind the figure."""
    words = target["words"]
    if "…" in words:
        before, _, after = words.partition("…")
        return before, after
    if words:
        return ("", words) if words in BEHIND else (words, "")
    return USUAL.get(target["comparator"] or "", ("", ""))


def figure_words(item: Item) -> str:
    """A target as a figure with the sign that it is judged by: ≥ 40 所."""
    final = item["targets"][-1]
    if final["value"] is None:
        return final["words"]
    high = f"—{final['value_high']}" if final["value_high"] else ""
    gap = "" if item["unit"] in ("%", "‰") else " "
    return f"{SIGNS.get(final['comparator'] or '', '')} {final['value']}{high}{gap}{item['unit'] or ''}".strip()


def _added(item: Item, header: Header | None, n: int) -> list[Cell]:
    if header is None:
        return [Cell(f"{wording(item)}。{_owners(item)}", None, False, "")]
    every = set(PARTS)
    texts = [
        item["code"] if column.role == role.NUMBER else _text(column.role, [item], every, whole=True, apart=_apart(header)) or "" for column in header.columns
    ]
    return [Cell(text, text or None, False, "") for text in texts]


def _owners(item: Item) -> str:
    parts = [f"牵头单位：{item['lead']}" if item["lead"] else "", f"配合单位：{'、'.join(item['supporting'])}" if item["supporting"] else ""]
    said = "；".join(part for part in parts if part)
    return f"（{said}）" if said else ""


def _lines(texts: list[Text], rows: Mapping[str, list[str]], read: Mapping[str, Item], current: Mapping[str, Item]) -> list[list[Cell]]:
    """Paragraphs; one whose items were changed is written anew, with its owners, and the lines of owners below it go."""
    made, dropping = [], False
    for text in texts:
        codes = rows.get(text.address, [])
        if codes:
            dropping = bool(_changed(codes, read, current))
        elif dropping and OWNER_LINE.match(even(text.text)):
            continue
        words = f"{text.numbering}{text.text}" if text.numbering and not text.text.startswith(text.numbering) else text.text
        if codes and dropping:
            left = [current[code] for code in codes if code in current]
            if not left:
                continue
            words = "；".join(wording(item) for item in left) + "。" + _owners(left[0])
        made.append([Cell(words, words, False, text.address)])
    return made
