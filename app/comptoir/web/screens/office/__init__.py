"""The back office: menu, floor, staff, taxes, printers, the house itself."""

from comptoir.web.screens.office import (
    draft,
    floor_plan,
    house,
    menu,
    menu_files,
    printers,
    records,
    staff,
    taxes,
)

BLUEPRINTS = (
    menu.blueprint,
    draft.blueprint,
    records.blueprint,
    menu_files.blueprint,
    floor_plan.blueprint,
    staff.blueprint,
    taxes.blueprint,
    printers.blueprint,
    house.blueprint,
)
