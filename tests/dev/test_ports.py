"""Ports follow the settings, and a taken one is told with its holder."""

import os
import socket
from dataclasses import astuple

import psutil
import pytest

from dev import ports
from dev.errors import SetupError


def test_without_settings_the_usual_ports_are_chosen() -> None:
    assert astuple(ports.chosen({})) == (8000, 5005, 5055, 8090)


def test_a_setting_moves_its_process_and_its_address() -> None:
    moved = ports.chosen({"BALCAO_WEB_PORT": "8123"})

    assert moved.url("web") == "http://127.0.0.1:8123"
    assert moved.url("rasa") == "http://127.0.0.1:5005"


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1", "80 "])
def test_a_setting_that_is_no_port_is_named(text: str) -> None:
    with pytest.raises(SetupError, match="BALCAO_RASA_PORT"):
        ports.chosen({"BALCAO_RASA_PORT": text})


def test_one_port_for_two_processes_is_refused() -> None:
    with pytest.raises(SetupError, match="8000 is meant for both web and simulator"):
        ports.chosen({"BALCAO_SIMULATOR_PORT": "8000"})


def test_a_taken_port_is_told_with_its_holder_and_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError) as trouble:
            ports.check_free(ports.Ports(web=port))

    me = psutil.Process(os.getpid()).name()
    assert trouble.value.sentence == (
        f"Port {port}, meant for web, is taken by “{me}” (process {os.getpid()})."
    )
    assert f"BALCAO_WEB_PORT={port + 1}" in trouble.value.details[0]


def test_a_port_taken_on_every_address_counts_as_taken() -> None:
    with (
        socket.create_server(("0.0.0.0", 0)) as taken,  # noqa: S104
        pytest.raises(SetupError, match="is taken"),
    ):
        ports.check_free(ports.Ports(web=taken.getsockname()[1]))


def test_free_ports_are_distinct_and_free() -> None:
    found = ports.free()

    assert len(set(astuple(found))) == 4
    ports.check_free(found)
