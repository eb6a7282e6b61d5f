"""Tell the person, and the programs, where the running desk is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from rich.box import ROUNDED
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from dev.people import Accounts
from dev.ports import Ports
from dev.secrets import write_private

_OURS = ("ACTIONS_", "BALCAO_", "DESK_", "ORDER_SYSTEM_", "SANIC_", "SIMULATOR_")


def addresses(ports: Ports, way_in: str | None = None) -> dict[str, str]:
    """Where to look, by what there is to see; `way_in` opens the console, once."""
    return {
        "console": way_in or f"{ports.url('web')}/console",
        "phone": f"{ports.url('simulator')}/phone",
        "shop": f"{ports.url('simulator')}/shop",
    }


def frame(where: Mapping[str, str], stream: TextIO, accounts: Accounts | None = None) -> None:
    """Print the addresses in both languages, so that they stand out of the logs.

    `accounts` are those of a first start: their password is shown this once.
    """
    # As wide as the addresses need, even on a narrow terminal: a broken one can't be clicked.
    console = Console(file=stream, highlight=False, width=max(map(len, where.values())) + 60)
    rows = Table.grid(padding=(0, 2))
    rows.add_row("Atendimento", "Console", f"[bold]{where['console']}[/]")
    rows.add_row("Celular", "Phone", f"[bold]{where['phone']}[/]")
    rows.add_row("Loja", "Shop", where["shop"])
    rows.add_row()
    if accounts is not None:
        rows.add_row("Contas", "Accounts", "\n".join(accounts.names))
        rows.add_row("Senha (só agora)", "Password (shown once)", f"[bold]{accounts.password}[/]")
        rows.add_row()
    rows.add_row("Encerrar", "Stop", "Ctrl-C")
    title = "O Balcão está aberto · Balcão is open"
    console.print()
    console.print(Panel(rows, title=title, box=ROUNDED, padding=(1, 3), expand=False))
    console.print()


def write(
    path: Path,
    *,
    where: Mapping[str, str],
    pids: Mapping[str, int],
    env: Mapping[str, str],
) -> None:
    """Write the same for programs: addresses, process ids, and the variables of our own."""
    ours = {name: value for name, value in env.items() if name.startswith(_OURS)}
    ready = {"addresses": dict(where), "pids": dict(pids), "env": ours}
    write_private(path, json.dumps(ready, indent=2) + "\n")
