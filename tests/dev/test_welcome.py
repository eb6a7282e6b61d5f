"""The addresses are told to people in both languages, and to programs in a file."""

import io
import json
import stat
from pathlib import Path

from dev import welcome
from dev.people import Accounts
from dev.ports import Ports


def test_the_frame_names_console_and_phone_in_both_languages() -> None:
    stream = io.StringIO()
    way_in = f"http://127.0.0.1:8000/console?invitation={'k' * 43}"
    accounts = Accounts({"admin@balcao.example": "Administração"}, "ab12-cd34")
    welcome.frame(welcome.addresses(Ports(), way_in), stream, accounts)

    lines = stream.getvalue().splitlines()
    assert "O Balcão está aberto · Balcão is open" in lines[1]
    [console] = [line for line in lines if "Console" in line]
    [phone] = [line for line in lines if "Phone" in line]
    assert "Atendimento" in console
    assert way_in in console
    [password] = [line for line in lines if "Password" in line]
    assert "ab12-cd34" in password
    assert "Celular" in phone
    assert "http://127.0.0.1:8090/phone" in phone


def test_programs_read_addresses_processes_and_our_settings(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    env = {"DESK_PORT": "8000", "HOME": "/home/ana"}
    where = welcome.addresses(Ports())
    welcome.write(path, where=where, pids={"web": 42}, env=env)

    assert json.loads(path.read_text()) == {
        "addresses": where,
        "pids": {"web": 42},
        "env": {"DESK_PORT": "8000"},
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
