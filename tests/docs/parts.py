"""The generated parts of the documents: where each stands and who renders it.

A part stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; the prose around it is
written by hand. `tests/run --write` renews all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.docs import api, cli, events, permissions, roles, screens, settings, topics


class PartMissing(Exception):
    """A document has lost the markers of its generated part."""

    def __init__(self, part: "Part") -> None:
        super().__init__(f"{part.file}: put back {opening(part.name)} and {closing(part.name)}")


@dataclass(frozen=True)
class Part:
    """One generated part of one document."""

    name: str
    file: Path
    render: Callable[[], str]


PARTS = (
    Part("envelope", Path("app/docs/events.md"), events.envelope),
    Part("events", Path("app/docs/events.md"), events.kinds),
    Part("records", Path("app/docs/events.md"), events.records),
    Part("settings", Path("app/docs/settings.md"), settings.settings),
    Part("topics", Path("app/docs/topics.md"), topics.topics),
    Part("messages", Path("app/docs/topics.md"), topics.messages),
    Part("commands", Path("app/docs/cli.md"), cli.commands),
    Part("operations", Path("app/docs/api.md"), api.operations),
    Part("permissions", Path("app/docs/permissions.md"), permissions.permissions),
    Part("screens", Path("app/docs/screens.md"), screens.screens),
    *(Part(f"role {role.name}", role / "README.md", roles.renderer(role)) for role in roles.ROLES),
)


def opening(name: str) -> str:
    """Return the marker before a part."""
    return f"<!-- generated: {name} -->"


def closing(name: str) -> str:
    """Return the marker after a part."""
    return f"<!-- end: {name} -->"


def current(part: Part) -> str:
    """Return the document's text; of an absent one, nothing, so that its markers are missing."""
    return part.file.read_text(encoding="utf-8") if part.file.exists() else ""


def renewed(part: Part, text: str) -> str:
    """Return the document's text with the part as it is rendered now."""
    before, found, rest = text.partition(opening(part.name))
    _, ended, after = rest.partition(closing(part.name))
    if not (found and ended):
        raise PartMissing(part)
    return f"{before}{found}\n\n{part.render().strip()}\n\n{ended}{after}"


def write(part: Part) -> bool:
    """Renew one part; tell whether its document changed."""
    old = current(part)
    new = renewed(part, old)
    if new == old:
        return False
    part.file.write_text(new, encoding="utf-8")
    return True
