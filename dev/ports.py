"""Choose the ports, and say who holds one that is taken."""

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass

import psutil

from dev.errors import SetupError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """One port a process; each is set by BALCAO_<NAME>_PORT."""

    web: int = 8000
    rasa: int = 5005
    actions: int = 5055
    simulator: int = 8090

    def url(self, name: str) -> str:
        """The address of the process `name` on this machine."""
        return f"http://{HOST}:{asdict(self)[name]}"


def chosen(settings: Mapping[str, str]) -> Ports:
    """The usual ports, or those that the settings name."""
    numbers = asdict(Ports())
    for name in numbers:
        text = settings.get(setting(name))
        if text:
            numbers[name] = _number(setting(name), text)
    _check_distinct(numbers)
    return Ports(**numbers)


def free() -> Ports:
    """Ports that nobody holds now."""
    with ExitStack() as held:
        numbers = {}
        for name in asdict(Ports()):
            listener = held.enter_context(socket.create_server((HOST, 0)))
            numbers[name] = listener.getsockname()[1]
    return Ports(**numbers)


def check_free(ports: Ports) -> None:
    """Refuse to start on a port that somebody listens on."""
    for name, port in asdict(ports).items():
        try:
            socket.create_server((HOST, port)).close()
        except PermissionError as error:
            sentence = f"Port {port}, meant for {name}, is reserved for the system."
            raise SetupError(sentence, (_advice(name, port + 8000),)) from error
        except OSError as error:
            holder = _holder(port)
            by = f" by {holder}" if holder else ""
            sentence = f"Port {port}, meant for {name}, is taken{by}."
            raise SetupError(sentence, (_advice(name, port + 1),)) from error


def setting(name: str) -> str:
    """The environment variable that sets the port of the process `name`."""
    return f"BALCAO_{name.upper()}_PORT"


def _number(variable: str, text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise SetupError(f"{variable} is {text!r}, which is not a port number (1 to 65535).")


def _check_distinct(numbers: Mapping[str, int]) -> None:
    users: dict[int, str] = {}
    for name, port in numbers.items():
        if port in users:
            sentence = f"Port {port} is meant for both {users[port]} and {name}."
            raise SetupError(sentence, (f"Change {setting(users[port])} or {setting(name)}.",))
        users[port] = name


def _advice(name: str, other: int) -> str:
    return f"End that process, or choose another port: {setting(name)}={other} bin/dev"


def _holder(port: int) -> str | None:
    try:
        listeners = [
            connection.pid
            for connection in psutil.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
        ]
        pid = next((pid for pid in listeners if pid), None)
        return f"“{psutil.Process(pid).name()}” (process {pid})" if pid else None
    except psutil.Error:
        return None  # other people's processes can't always be seen
