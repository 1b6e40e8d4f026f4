"""What gunicorn serves, in threads of an unpatched process: one service, or the front.

`gunicorn --worker-class gthread "deploy.wsgi:service('intake')"`
"""

from typing import TYPE_CHECKING

from deploy.directory import app_of, definition_of
from deploy.environment import settings_told
from deploy.gateway import mounted, passed_on
from shared.runtime import open_runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def service(name: str) -> "WSGIApplication":
    """Return the app of the service called `name`, under `/<name>`."""
    opened = open_runtime(definition_of(name), settings_told())
    return mounted({name: app_of(opened)})


def gateway() -> "WSGIApplication":
    """Return the one address in front: each path goes to its service's own process."""
    return passed_on(settings_told().listens)
