"""A small book, brought in as a client does: created, its bytes appended, started; each step until it is answered."""

import base64

IMPORTS = "holdfast.accounts.v1.ImportService/"
ROWS = (3, 12)


class ImportClient:
    def __init__(self, client):
        self._client = client

    def bring(self, chance):
        book = self._client.new_id()
        names = [f"Imported {book[:8]} {number}" for number in range(chance.randrange(*ROWS))]
        text = "Customer,Status\n" + "".join(f"{name},Active\n" for name in names)
        data = text.encode()
        create = {"id": book, "files": [{"name": "customers.csv", "size_bytes": len(data)}]}
        if self._step("import_create", "CreateImport", create, book, names) != "ok":
            return
        append = {"id": book, "file": 0, "offset": 0, "data": base64.b64encode(data).decode()}
        if self._step("import_append", "AppendImport", append, book, names, repeatable=False) != "ok":
            return
        self._step("import_start", "StartImport", {"id": book}, book, names)

    def _step(self, verb, method, request, book, names, repeatable=True):
        outcome, _ = self._client.command(
            verb, "accounts", f"{IMPORTS}{method}", request, repeatable=repeatable, kind="import", id=book, names=names
        )
        return outcome
