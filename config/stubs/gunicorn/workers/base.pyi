from typing import Any

class Worker:
    alive: bool
    cfg: Any
    ppid: int
    sockets: Any
    wsgi: Any

    def notify(self) -> None: ...
    def run(self) -> None: ...
