"""The menu as a file, out and in: read whole, its difference shown, then published or kept."""

import uuid

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import PublishMenu, menu_export, menu_file
from comptoir.commands.menu_draft_file import DraftMenu
from comptoir.commands.menu_file import MenuFileRefused
from comptoir.commands.pinyin import menu_with_pinyin
from comptoir.domain.menu import Menu
from comptoir.domain.menu_difference import differences
from comptoir.web.access import carry_out, command_id, field, house
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office.differences import shown
from comptoir.web.screens.office.menu import menu

blueprint = managers("office_files", __name__)
SHOWN_MAX = 200
CSV, JSON = "csv", "json"
NAME_CHARACTERS_MAX = 80


@blueprint.get("/office/menu/file")
def show() -> str:
    """Show the ways out and in."""
    return render_template("office/file.html", here="menu", tab="file", menu=menu())


@blueprint.get("/office/menu.<form>")
def export(form: str) -> Response:
    """Write the menu as a file to keep."""
    if form == JSON:
        text, kind = menu_export.export_json(menu(), house().currency), "application/json"
    else:
        text, kind = menu_export.export(menu(), house().currency), "text/csv"
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="menu.{form}"'
    return response


@blueprint.post("/office/menu/file")
def look() -> str:
    """Read a file, and show what it would change or every mistake in it."""
    name, data = _sent()
    page = {"here": "menu", "tab": "file", "name": name}
    try:
        found = menu_file.parse(data, name, house().currency)
    except MenuFileRefused as refusal:
        return render_template("office/file_errors.html", errors=refusal.errors, **page)
    changed = differences(menu(), menu_with_pinyin(found))
    return render_template(
        "office/file_look.html",
        differences=[shown(one) for one in changed[:SHOWN_MAX]],
        more=max(0, len(changed) - SHOWN_MAX),
        text=data.decode("utf-8-sig"),
        fresh=uuid.uuid4().hex,
        **page,
    )


@blueprint.post("/office/menu/publish")
def publish() -> AnyResponse:
    """Publish what was looked at as the menu's next version, or keep it in the draft."""
    found = _looked_at()
    if field("keep", "") == "yes":
        carry_out(DraftMenu(command_id(), found))
        return go("/office/menu/draft")
    carry_out(PublishMenu(command_id(), found))
    return go("/office/menu/history")


def _looked_at() -> Menu:
    request.max_form_memory_size = 2 * menu_file.FILE_BYTES_MAX
    name = request.form.get("name", "menu.csv")[:NAME_CHARACTERS_MAX]
    return menu_file.parse(request.form.get("text", "").encode(), name, house().currency)


def _sent() -> tuple[str, bytes]:
    """Return the file's name and bytes; the name's ending says its form."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return "menu.csv", b""
    name = sent.filename.replace("\\", "/").rpartition("/")[2][:NAME_CHARACTERS_MAX]
    return name, sent.stream.read(menu_file.FILE_BYTES_MAX + 1)
