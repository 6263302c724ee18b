"""A room imports only from rooms to its left."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "nps_nlp"
ORDER = [
    "errors",
    "extras",
    "collector",
    "survey",
    "demo",
    "intake",
    "scoring",
    "language",
    "classify",
    "privacy",
    "training",
    "quote_pool",
    "counts",
    "tally",
    "insight",
    "scorecard",
    "answerers",
    "joined",
    "report",
    "settings",
    "result",
    "analysis",
    "show",
    "run",
    "score_options",
    "arguments",
    "cli",
    "__main__",
]


def imports_at_run_time(path: Path) -> set[str]:
    found = set()
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(n)
        for i in ast.walk(tree)
        if isinstance(i, ast.If) and ast.unparse(i.test) == "TYPE_CHECKING"
        for n in ast.walk(i)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nps_nlp"):
            names = [f"{node.module}.{a.name}" for a in node.names] if node.module == "nps_nlp" else [node.module]
            found.update(n.split(".")[1] for n in names)
        elif isinstance(node, ast.Import):
            found.update(a.name.split(".")[1] for a in node.names if a.name.startswith("nps_nlp."))
    return found


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_room_is_in_the_order():
    assert {room_of(p) for p in PACKAGE.rglob("*.py")} - {"__init__"} <= set(ORDER)


def test_no_room_imports_from_its_right():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if room_of(path) != "__init__"
        for room in sorted(imports_at_run_time(path) & set(ORDER))
        if ORDER.index(room) > ORDER.index(room_of(path))
    ]
    assert wrong == []
