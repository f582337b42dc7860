"""Numbered lists → entries: owners in brackets at the end, or on the lines below; headings between; what is only talk is left out."""

import re
from dataclasses import dataclass, field

from plans.papers import due, owners
from plans.papers.entries import Entry, Found, Left, Refusal
from plans.papers.figures import figures
from plans.papers.owners import Directory, Owners, looks_like_owners
from plans.papers.tables import Span
from plans.papers.words import depths, even, ordinal, rank
from plans.sheets.papers import Text

OWNER_LINE = re.compile(
    r"^[（]?(?:(?:总)?牵头(?:责任|实施|组织实施)?(?:单位|部门|领导|市领导)?|(?:主要|主体|其他|共同)?责任(?:单位|部门|领导|人|主体|市领导)|主责单位|配合(?:单位|部门|责任单位)|主办单位|协办单位|协同单位|协作单位|参与单位|承办单位|实施单位"
    r"|分管(?:市)?领导|包联领导|市领导|完成(?:时限|时间|期限)|时限(?:要求)?|办结时限)\s*[：:]"
)
TALK = re.compile(
    r"组织领导|工作要求|有关要求|保障措施|组织实施|督促检查|督查督办|强化责任|压实责任|加强统筹|督导考核|跟踪问效|总体要求|指导思想|基本原则|工作机制$|明确责任|严格考核|严肃问责"
)
ADDRESSEE = re.compile(r"(?:人民政府|部门|单位|委员会|机构|管委会|办事处)[：:]$")
SECTION_END = re.compile(r"[。；：:]$")
HEADING_LENGTH = 50


@dataclass
class _Line:
    """A paragraph with its number taken off."""

    address: str
    text: str
    mark: str
    heading: bool
    level: int | None


@dataclass
class _State:
    """What stands over the next line: the headings, owners that a heading names for all below it, the last entries."""

    goals: list[tuple[int, str]] = field(default_factory=list)
    shared: str = ""
    last: list[Entry] = field(default_factory=list)
    begun: bool = False
    talking: bool = False


def read_list(texts: list[Text], number: int, directory: Directory, span: Span) -> Found:
    """The entries of paragraphs that follow one another."""
    found, state = Found(), _State()
    lines = [_line(text) for text in texts if even(text.text)]
    candidates: list[Entry] = []
    for n, line in enumerate(lines):
        following = lines[n + 1] if n + 1 < len(lines) else None
        candidates += _one(line, following, directory, state, found)
    _sort(candidates, found, span)
    for n, entry in enumerate(found.entries):
        entry.line = (number, n)
        _due(entry, span, found)
    return found


def _line(text: Text) -> _Line:
    whole = even(text.text)
    if text.numbering and not whole.startswith(even(text.numbering)):
        whole = even(text.numbering) + whole
    mark, rest = ordinal(whole)
    return _Line(text.address, rest if rank(mark) else whole, mark, text.heading, text.level)


def _one(line: _Line, following: _Line | None, directory: Directory, state: _State, found: Found) -> list[Entry]:
    if OWNER_LINE.match(line.text):
        _attach(line, directory, state, found)
        return []
    chunks = owned_chunks(line.text, directory)
    next_owns = following is not None and bool(OWNER_LINE.match(following.text))
    if _is_heading(line, chunks, following, next_owns=next_owns):
        _enter(line, chunks, state)
        found.left.append(Left(line.address, _shown(line), "heading"))
        return []
    return _entries(line, chunks, state, found)


def owned_chunks(text: str, directory: Directory) -> list[tuple[str, str]]:
    """A paragraph in pieces, each with the owners in brackets that close it: "做A。（市发改委）做B。（市财政局）" is two; a rest has none."""
    behind = next((m for m in owners.LABEL.finditer(text) if m.start() > 3 and not depths(text)[m.start()] and len(m.group("label")) > 3), None)
    if behind:  # 做A。责任单位：市发改委
        before = owned_chunks(text[: behind.start()].strip("。；， （"), directory)
        return [*before[:-1], (before[-1][0], text[behind.start() :].strip("。；） "))] if before else []
    levels, start, found = depths(text), 0, []
    for match in re.finditer(r"（(?P<inner>[^（）]*(?:（[^（）]*）[^（）]*)*)）[。；，]?", text):
        if levels[match.start()] > 1 or not looks_like_owners(match.group("inner"), directory) or match.start() == start:
            continue
        rest = text[match.end() :]
        if rest and not re.match(r"^[。；]|\s*(?:\d|[①-⑳]|[一-鿿“《])", rest):
            continue
        if (
            rest
            and not re.search(r"[。；，：]$|）$", match.group())
            and not re.search(r"[。；]\s*$", text[: match.start()])
            and not owners.LABEL.search(match.group("inner"))
        ):
            continue  # a department named in the middle of a sentence
        found.append((text[start : match.start()].strip("。；， "), match.group("inner")))
        start = match.end()
    if text[start:].strip("。；， "):
        found.append((text[start:].strip(), ""))
    return found


def _is_heading(line: _Line, chunks: list[tuple[str, str]], following: _Line | None, *, next_owns: bool) -> bool:
    owned = any(inner for _text, inner in chunks)
    if next_owns or len(line.text) > HEADING_LENGTH or re.search(r"[。；].", line.text):
        return False
    counted = bool(figures(line.text))
    if owned:  # owners for all that follow, where what follows has none of its own
        deeper = following is not None and rank(following.mark) > rank(line.mark) > 0 and "（" not in following.text[-40:]
        return deeper and not counted and len(chunks[0][0]) <= 24
    if line.heading or rank(line.mark) in (1, 2):
        return not (counted and SECTION_END.search(line.text))
    if not line.mark and not counted and not re.search(r"[。；：:，]", line.text) and len(line.text) <= 30:
        return following is not None and rank(following.mark) >= 3
    return False


def _enter(line: _Line, chunks: list[tuple[str, str]], state: _State) -> None:
    depth = rank(line.mark) or (line.level or 0) + 3
    title = f"{line.mark}{chunks[0][0].strip('。')}" if rank(line.mark) <= 2 else chunks[0][0].strip("。")
    state.goals = [(d, t) for d, t in state.goals if d < depth] + [(depth, title[:160])]
    state.talking = bool(TALK.search(title))
    state.begun, state.last = True, []
    state.shared = next((inner for _text, inner in chunks if inner), "")


def _entries(line: _Line, chunks: list[tuple[str, str]], state: _State, found: Found) -> list[Entry]:
    numbered = rank(line.mark) >= 3 or (rank(line.mark) in (1, 2) and not line.heading)
    owned = any(inner for _text, inner in chunks)
    if not owned and ADDRESSEE.search(line.text):
        found.left.append(Left(line.address, _shown(line), "preamble"))
        return []
    if not owned and not numbered and not state.begun and not re.search(r"目标(?:是|为|：)", line.text):
        found.left.append(Left(line.address, _shown(line), "preamble"))
        return []
    made = []
    for n, (text, inner) in enumerate(chunks):
        mark, rest = ordinal(text) if n else ("", text)
        body = re.sub(r"^[^：:。]{0,40}?目标(?:是|为|：|:)", "", rest if rank(mark) else text)
        if body.strip("。；， "):
            number = (line.mark if not n else mark) or ""
            made.append(
                Entry(
                    line.address, body, Owners(), said=inner, goal=[t for _d, t in state.goals], number=number.strip("、.．（）"), at={"wording": line.address}
                )
            )
            made[-1].uncertain = {"talk": "talk"} if state.talking else {}
            if not inner and state.shared:
                made[-1].said = state.shared
    state.last = made
    return made


def _attach(line: _Line, directory: Directory, state: _State, found: Found) -> None:
    """A line of owners below the items that it belongs to."""
    if not state.last:
        found.left.append(Left(line.address, _shown(line), "unowned"))
        return
    for entry in state.last:
        entry.said = "；".join(part for part in (entry.said, line.text.strip("（）")) if part)
    found.left.append(Left(line.address, _shown(line), "owners"))


def _sort(candidates: list[Entry], found: Found, span: Span) -> None:
    """Where most lines name owners, a line without them is an item only if it holds a figure; elsewhere every numbered line is one."""
    owned = [entry for entry in candidates if entry.said]
    listed = len(owned) * 2 >= len([entry for entry in candidates if entry.number])
    for entry in candidates:
        talk = entry.uncertain.pop("talk", "") or TALK.search(entry.text[:30])
        promising = bool(figures(entry.text)) or (not listed and bool(entry.number))
        if entry.said or (promising and not talk and (entry.number or entry.goal or re.search(r"增长|达到|以上|左右", entry.text))):
            found.entries.append(entry)
        else:
            found.left.append(Left(entry.row, f"{entry.number} {entry.text}".strip()[:200], "unowned"))


def settle_owners(found: Found, directory: Directory) -> None:
    """Reads the owners that the entries of a list have gathered as words."""
    for entry in found.entries:
        if entry.said:
            entry.owners = owners.parse(entry.said, directory)


def _due(entry: Entry, span: Span, found: Found) -> None:
    """A limit among the owners: （市发改委；完成时限：6月底）."""
    label = re.search(r"(?:完成时限|完成时间|完成期限|时限(?:要求)?|办结时限)\s*[：:]\s*([^；。，）]+)", entry.said)
    if not label:
        return
    try:
        entry.due = due.in_cell(label.group(1).strip(), None, span.first, span.last)
    except due.NoDay:
        if re.search(r"\d", label.group(1)):
            found.refused.append(Refusal(entry.row, "no_day"))
        else:
            entry.uncertain["due"] = "words"
        return
    if entry.due and entry.due.on < span.first:
        found.refused.append(Refusal(entry.row, "due_before_start"))
        entry.due = None
    elif entry.due and not entry.due.sure:
        entry.uncertain["due"] = "words"


def _shown(line: _Line) -> str:
    return f"{line.mark}{line.text}"[:200]
