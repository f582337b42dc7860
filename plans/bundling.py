"""The arithmetic as one script: `plans/arithmetic/` and `plans/standalone.py`, word for word, in the order in which they import each other.

The same sources make the same bytes. Each part stands in the script as it stands in the repository, so that whoever doubts it
can lay the two side by side.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
MAIN = "standalone"
FENCE = "'" * 3

HEAD = '''#!/usr/bin/env python3
"""Judges a closed period from the csv files beside this script and writes results.csv and sums.csv: python3 -I recompute.py

The product's own arithmetic in one file: each part below is a file of its source, word for word. It needs Python 3.11 or later and
nothing else: no packages, no database, no clock, no network. README.txt says what the files hold.
"""

import sys
from pathlib import Path
from types import ModuleType


def part(name: str, source: str) -> None:
    """Makes one part a module, so that the parts after it can import it."""
    module = ModuleType(name)
    module.__file__ = name.replace(".", "/") + ".py"
    module.__package__ = name.rpartition(".")[0]
    if name in ("plans", "plans.arithmetic"):
        module.__package__, module.__path__ = name, []
    sys.modules[name] = module
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)


part("plans", "")
'''
TAIL = f"""
if __name__ == "__main__":
    sys.modules["plans.{MAIN}"].main(Path(__file__).resolve().parent)
"""


def bundle() -> str:
    """The script."""
    return HEAD + "".join(_part(name) for name in in_order()) + TAIL


def in_order() -> list[str]:
    """The names of the parts under `plans`, each after those that it imports."""
    found: list[str] = []

    def visit(name: str) -> None:
        for other in sorted(_imports(name)):
            if other not in found:
                visit(other)
        if name not in found:
            found.append(name)

    visit("arithmetic")
    visit(MAIN)
    return found


def _part(name: str) -> str:
    source = _file(name).read_text(encoding="utf-8")
    if FENCE in source:
        raise ValueError(f"{name}: a part of the script must not hold {FENCE}")
    rule = "# " + "-" * 118
    return f'\n\n{rule}\n# plans/{_file(name).relative_to(HERE).as_posix()}\n{rule}\npart("plans.{name}", r{FENCE}\n{source}{FENCE})\n'


def _imports(name: str) -> Iterator[str]:
    """The parts that a part imports."""
    package = name.rpartition(".")[0]
    for node in ast.walk(ast.parse(_file(name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join(each for each in (package, node.module or "") if each)


def _file(name: str) -> Path:
    path = HERE / name.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
