"""Real PostgreSQL and RabbitMQ for the tests: found, or started and ended again.

A server on its standard port (or the one an environment variable names) is shared: the
tests take a database or a virtual host of their own there and drop it. Without one,
Debian's packages are started as child processes in a temporary folder. Destructive tests
always get a server of their own, `PrivatePostgres` or `PrivateBroker`.
"""

from tests.servers.child import Child, free_port
from tests.servers.postgresql import PostgresServer, PrivatePostgres
from tests.servers.rabbitmq import BrokerServer, PrivateBroker

__all__ = [
    "BrokerServer",
    "Child",
    "PostgresServer",
    "PrivateBroker",
    "PrivatePostgres",
    "free_port",
]
