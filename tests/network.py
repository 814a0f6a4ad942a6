"""No test reaches another machine: looking up or connecting to any host but this one fails the test."""

import ipaddress
import socket
from typing import Any

attempts: list[str] = []  # the guard also remembers, because code under test may swallow the error

_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex
_real_sendto = socket.socket.sendto
_real_getaddrinfo = socket.getaddrinfo


class OtherHost(ConnectionRefusedError):
    """A test tried to reach a host other than this machine."""


def is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not isinstance(host, str) or host in ("", "localhost") or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _check(host: object) -> None:
    if not is_here(host):
        attempts.append(str(host))
        raise OtherHost(f"tests must not reach {host!r}")


def _check_address(address: object) -> None:
    if isinstance(address, tuple):  # a string or bytes is a Unix socket
        _check(address[0])


def install() -> None:
    def connect(self: socket.socket, address: Any) -> None:
        _check_address(address)
        return _real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check_address(address)
        return _real_connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _check_address(rest[-1])
        return _real_sendto(self, data, *rest)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return _real_getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign,assignment]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign,assignment]
    socket.socket.sendto = sendto  # type: ignore[method-assign,assignment]
    socket.getaddrinfo = getaddrinfo
