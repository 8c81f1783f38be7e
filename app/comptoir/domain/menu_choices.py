"""What may be chosen with an item, and what it costs: modifier groups, nested three deep.

A choice is written as the ids on the way to it, with its prefix: ``hot``, ``duck/extra:pancakes``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from comptoir.domain.errors import ModifierRefused
from comptoir.domain.menu import Item, Menu, Modifier, ModifierGroup, named
from comptoir.domain.money import PPM, half_up

DEPTH_MAX = 3
NO = "no"


@dataclass(frozen=True, slots=True)
class _Wish:
    """One choice as asked for: the way to it, its prefix, its id."""

    within: str
    prefix: str
    id: str


def _wishes(item: Item, chosen: Sequence[str]) -> list[_Wish]:
    if len(set(chosen)) != len(chosen):
        raise ModifierRefused(f"{named(item.names, 'en')}: a choice stands twice.")
    wishes = []
    for text in chosen:
        within, _, last = text.rpartition("/")
        prefix, _, name = last.rpartition(":")
        wishes.append(_Wish(within, prefix, name))
    return wishes


def choose(menu: Menu, item: Item, chosen: Sequence[str]) -> tuple[Modifier, ...]:
    """Return the chosen modifiers as a line copies them, each followed by those nested in it.

    Raises ModifierRefused when a group's rule is broken or a choice is not on offer.
    """
    wishes = _wishes(item, chosen)
    picked = list(_level(menu, item, menu.groups_of(item), wishes, ""))
    unknown = set(chosen) - {modifier.choice for modifier in picked}
    if unknown:
        raise ModifierRefused(
            f"{named(item.names, 'en')} does not take {', '.join(sorted(unknown))}."
        )
    return tuple(picked)


def groups_within(menu: Menu, modifier: Modifier) -> tuple[ModifierGroup, ...]:
    """Return the groups that a choice asks for: its own, and its dish's in a set meal."""
    names = modifier.groups
    if modifier.item and modifier.item in menu.ids:
        names = (*menu.item(modifier.item).groups, *names)
    return menu.groups_named(names)


def _level(
    menu: Menu, item: Item, groups: Sequence[ModifierGroup], wishes: list[_Wish], within: str
) -> Iterator[Modifier]:
    here = [wish for wish in wishes if wish.within == within]
    for group in groups:
        for modifier in _of_group(item, group, here):
            yield modifier
            deeper = f"{within}/{modifier.id}" if within else modifier.id
            if modifier.prefix != NO and deeper.count("/") + 1 < DEPTH_MAX:
                source = next(one for one in group.modifiers if one.id == modifier.id)
                yield from _level(menu, item, groups_within(menu, source), wishes, deeper)


def _of_group(item: Item, group: ModifierGroup, wishes: list[_Wish]) -> list[Modifier]:
    offered = {modifier.id: modifier for modifier in group.modifiers}
    mine = [wish for wish in wishes if wish.id in offered]
    taken = [wish for wish in mine if wish.prefix != NO]
    if len({wish.id for wish in mine}) != len(mine):
        raise ModifierRefused(f"{named(item.names, 'en')}: a choice stands twice.")
    if not group.min <= len(taken) <= group.max:
        raise ModifierRefused(
            f"{named(item.names, 'en')}: choose {_span(group)} of "
            f"{named(group.names, 'en')}, not {len(taken)}."
        )
    made = [_made(group, offered[wish.id], wish) for wish in mine]
    made.sort(key=lambda modifier: list(offered).index(modifier.id))
    return _with_free(group, made)


def _made(group: ModifierGroup, modifier: Modifier, wish: _Wish) -> Modifier:
    if wish.prefix and wish.prefix not in group.prefixes:
        known = ", ".join(group.prefixes) or "none"
        raise ModifierRefused(
            f"{named(modifier.names, 'en')} does not come {wish.prefix!r}; it may be {known}."
        )
    share = group.prefixes[wish.prefix] if wish.prefix else PPM
    price = half_up(modifier.price * share, PPM)
    return replace(modifier, price=price, groups=(), prefix=wish.prefix, within=wish.within)


def _with_free(group: ModifierGroup, made: list[Modifier]) -> list[Modifier]:
    """Make the cheapest ones free, whatever the order of choosing."""
    priced = sorted(
        (i for i, modifier in enumerate(made) if modifier.prefix != NO and modifier.price >= 0),
        key=lambda i: (made[i].price, i),
    )
    free = set(priced[: group.free])
    return [replace(m, price=0) if i in free else m for i, m in enumerate(made)]


def _span(group: ModifierGroup) -> str:
    return str(group.min) if group.min == group.max else f"{group.min} to {group.max}"
