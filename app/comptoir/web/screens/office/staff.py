"""The people: who may sign in, as what, in which language; and what each role may do."""

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import SetStaff
from comptoir.domain.house import MANAGER, ROLES, Staff
from comptoir.web.access import carry_out, command_id, person
from comptoir.web.languages import LANGUAGES
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.capabilities import capabilities
from comptoir.web.screens.office.forms import FormRefused
from comptoir.web.services import services

blueprint = managers("office_staff", __name__)
NEW = "new"


def people() -> list[Staff]:
    """Return everybody, those who may sign in first."""
    found: list[Staff] = services().journal.states("staff")
    return sorted(found, key=lambda one: (not one.active, one.name, one.id))


@blueprint.get("/office/staff")
def show() -> str:
    """Show everybody."""
    done = request.args.get("done", "")[:64]
    return render_template("office/staff.html", here="staff", people=people(), done=done)


@blueprint.get("/office/staff/roles")
def roles() -> str:
    """Show what each role may do, as it is enforced."""
    return render_template(
        "office/roles.html", here="staff", roles=ROLES, capabilities=capabilities()
    )


@blueprint.get("/office/staff/<name>")
def edit(name: str) -> str:
    """Show a person's form; ``new`` is an empty one."""
    found = next((one for one in people() if one.id == name), None)
    if found is None and name != NEW:
        abort(404)
    return render_template(
        "office/person.html",
        here="staff",
        record=found,
        name=name,
        roles=ROLES,
        languages=LANGUAGES,
        kiosk=at_the_till(),
    )


@blueprint.post("/office/staff/<name>")
def save(name: str) -> AnyResponse:
    """Write a person's entry; an empty PIN or badge stays what it was."""
    known = {one.id: one for one in people()}
    old = known.get(name)
    called, role = forms.text("name"), forms.text("role")
    pin, badge = forms.text("pin"), forms.text("badge")
    active = forms.text("active", "yes") == "yes"
    if not called:
        raise FormRefused("A person needs a name. Type it.")
    if old is None and not pin:
        raise FormRefused("A new person needs a PIN of 4 to 8 digits. Type one.")
    if old is not None and old.role == MANAGER and not (active and role == MANAGER):
        _keep_a_manager(known, name)
    staff = name if old else forms.fresh_name([called], known)
    carry_out(
        SetStaff(
            command_id(),
            staff,
            called,
            role,
            pin or None,
            forms.text("language") or person().language,
            active,
            badge or None,
            left_handed=forms.text("hand") == "left",
        )
    )
    return go(url_for("office_staff.show", done=staff))


def _keep_a_manager(known: dict[str, Staff], name: str) -> None:
    others = (one for one in known.values() if one.id != name and one.active and one.pin_hash)
    if not any(one.role == MANAGER for one in others):
        raise FormRefused("This is the last manager. Make somebody else a manager first.")
