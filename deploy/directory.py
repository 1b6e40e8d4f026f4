"""The four services by name: what each is, and its app. No broker, no nameko."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from flask import Flask

from shared.runtime import Definition, Runtime
from shared.settings import SERVICES


def definition_of(service: str) -> Definition:
    """Return what `service` is."""
    return cast(Definition, import_module(f"services.{service}.definition").DEFINITION)


def app_of(opened: Runtime) -> Flask:
    """Return the app of an open service."""
    make = cast(Callable[[Runtime], Flask], import_module(f"services.{opened.name}.api").create_app)
    return make(opened)


def definitions() -> Mapping[str, Definition]:
    """Return all four, by name."""
    return {service: definition_of(service) for service in SERVICES}
