"""Renders the topics and their messages from the bus's own declarations."""

import inspect
import typing

import msgspec

from comptoir.bus import topics as declared
from comptoir.bus import wire
from tests.docs import tables


def topics() -> str:
    """Return a row per topic: who writes what, how."""
    rows = [
        (
            f"`{topic.template}`",
            topic.scope,
            topic.writer,
            f"{_linked(topic.message)}, {topic.encoding}",
            f"QoS {topic.qos}{', retained' if topic.retained else ''}",
        )
        for topic in declared.TOPICS
    ]
    return tables.table(("topic", "scope", "written by", "carries", "how"), rows)


def messages() -> str:
    """Return a section per message, in the order of the source."""
    structs = [thing for _, thing in inspect.getmembers(wire, _is_message)]
    ordered = sorted(structs, key=lambda struct: inspect.getsourcelines(struct)[1])
    return "\n\n".join(_entry(struct) for struct in ordered)


def _is_message(thing: object) -> bool:
    own = inspect.isclass(thing) and issubclass(thing, msgspec.Struct)
    return own and thing is not msgspec.Struct


def _linked(names: str) -> str:
    return " or ".join(f"[{name}](#{name.lower()})" for name in names.split(" or "))


def _entry(struct: type[msgspec.Struct]) -> str:
    hints = typing.get_type_hints(struct, include_extras=True)
    fields = msgspec.structs.fields(struct)
    rows = [
        (f"`{field.encode_name}`", *_type(hints[field.name]), _default(field)) for field in fields
    ]
    form = _form(struct.__struct_config__)
    table = tables.table(("field", "type", "bounds", "when absent"), rows) if rows else ""
    parts = [f"### {struct.__name__}", tables.about(struct), form, table]
    return "\n\n".join(part for part in parts if part)


def _form(config: msgspec.structs.StructConfig) -> str:
    if config.array_like:
        return "Travels as an array, in this order:"
    return f'`type` is `"{config.tag}"`.' if config.tag else ""


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return "empty"
    if field.default is msgspec.NODEFAULT:
        return "required"
    return "empty" if field.default is None else tables.literal(field.default)


def _type(hint: object) -> tuple[str, str]:
    """Return a type in words and its bounds."""
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta)]
    return tables.word(hint), ", ".join(_bound(meta) for meta in metas)


def _bound(meta: msgspec.Meta) -> str:
    parts = []
    if meta.ge is not None:
        parts.append(f"from {meta.ge}")
    if meta.min_length is not None:
        parts.append(f"at least {meta.min_length} long")
    if meta.max_length is not None:
        parts.append(f"at most {meta.max_length} long")
    return ", ".join(parts)
