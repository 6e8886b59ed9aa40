"""Holds the events of a run against the classes of openlineage-python, which are made from the standard's
own schemas: no key that a class lacks, none missing that it needs, each value of its type, each facet with
the address of its schema."""

import enum
import importlib
import types
import typing

import attr
from openlineage.client.generated.base import RunEvent

# Facets by where they stand: module of openlineage.client.generated and class.
FACETS = {
    "RunFacet": {"parent": ("parent_run", "ParentRunFacet"),
                 "errorMessage": ("error_message_run", "ErrorMessageRunFacet")},
    "DatasetFacet": {"version": ("dataset_version_dataset", "DatasetVersionDatasetFacet"),
                     "schema": ("schema_dataset", "SchemaDatasetFacet"),
                     "columnLineage": ("column_lineage_dataset", "ColumnLineageDatasetFacet")},
    "JobFacet": {},
}
SUBTYPES = {"DIRECT": {"IDENTITY", "TRANSFORMATION", "AGGREGATION"},
            "INDIRECT": {"JOIN", "GROUP_BY", "FILTER", "SORT", "WINDOW", "CONDITIONAL"}}


class Wrong(Exception):
    """What is not as the standard has it, with its place."""


def value(kind, data, place):
    """`data` as a value of the type `kind`."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return value(kinds[0], data, place)
    if origin is list:
        if not isinstance(data, list):
            raise Wrong(f"{place} is no list")
        (inner,) = typing.get_args(kind)
        return [value(inner, one, f"{place}[{number}]") for number, one in enumerate(data)]
    if origin is dict:
        if not isinstance(data, dict):
            raise Wrong(f"{place} is no object")
        _, inner = typing.get_args(kind)
        known = FACETS.get(inner.__name__)
        result = {}
        for name, one in data.items():
            chosen = inner
            if known is not None:
                if name not in known:
                    raise Wrong(f"{place}.{name} is no facet of the standard")
                module, class_name = known[name]
                chosen = getattr(
                    importlib.import_module("openlineage.client.generated." + module), class_name)
            result[name] = value(chosen, one, f"{place}.{name}")
        return result
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(data)
    if attr.has(kind):
        return instance(kind, data, place)
    if not isinstance(data, kind):
        raise Wrong(f"{place} is {data!r}, no {kind.__name__}")
    return data


def instance(cls, data, place):
    """`data` as an object of a class of the client."""
    if not isinstance(data, dict):
        raise Wrong(f"{place} is no object")
    kinds = typing.get_type_hints(cls)
    rest = dict(data)
    arguments = {}
    for field in attr.fields(cls):
        if field.name in ("_schemaURL", "schemaURL"):
            if rest.pop(field.name, None) != cls._get_schema():
                raise Wrong(f"{place}.{field.name} is not {cls._get_schema()}")
        elif field.name in rest:
            argument = field.name.lstrip("_")
            arguments[argument] = value(
                kinds[field.name], rest.pop(field.name), f"{place}.{field.name}")
        elif field.name in ("_producer", "producer"):
            raise Wrong(f"{place}.{field.name} is missing")
    if rest:
        raise Wrong(f"{place} has {', '.join(rest)}, which {cls.__name__} does not")
    try:
        return cls(**arguments)
    except (TypeError, ValueError) as error:
        raise Wrong(f"{place}: {error}") from error


def events(data):
    """The events of a run, held against the standard; raises Wrong. Gives how many columns have lineage."""
    read = [instance(RunEvent, event, f"event {number}") for number, event in enumerate(data, 1)]
    states = {}
    for event in read:
        states.setdefault(event.run.runId, []).append(event.eventType.value)
    for run, seen in states.items():
        if seen[0] != "START" or len(seen) != 2 or seen[1] not in ("COMPLETE", "FAIL"):
            raise Wrong(f"the run {run} has the events {seen}")
    columns = 0
    for event in read:
        parent = event.run.facets.get("parent")
        if parent and parent.run.runId not in states:
            raise Wrong(f"the parent of {event.run.runId} has no events")
        # A run that failed says why.
        if (event.eventType.value == "FAIL") != ("errorMessage" in event.run.facets):
            raise Wrong(f"{event.job.name}: a failure without its message")
        inputs = {(one.namespace, one.name) for one in event.inputs}
        for output in event.outputs:
            lineage = output.facets.get("columnLineage")
            if not lineage:
                continue
            schema = output.facets.get("schema")
            names = {one.name for one in schema.fields} if schema else set(lineage.fields)
            if not set(lineage.fields) <= names:
                raise Wrong(f"{output.name} has lineage of columns it does not have")
            columns += len(lineage.fields)
            origins = [one for field in lineage.fields.values() for one in field.inputFields]
            for origin in origins + list(lineage.dataset or []):
                if (origin.namespace, origin.name) not in inputs:
                    raise Wrong(f"{output.name} comes from {origin.name}, which is no input")
                for way in origin.transformations:
                    if way.subtype not in SUBTYPES.get(way.type, ()):
                        raise Wrong(f"{output.name}: {way.type} {way.subtype} is no transformation")
    return columns
