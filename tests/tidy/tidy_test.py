#!/usr/bin/python3
"""Each rule of tidy, with the fault it is there for planted in a small tree that is otherwise clean."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import tidy

HEADER = "#pragma once\n"
MODULES = """\
holdfast_module(core)
holdfast_module(sql USES core TEST_USES testing)
holdfast_module(testing USES core sql)
"""
CLEAN = {
    "CMakeLists.txt": "project(example)\n",
    "services/runtime/CMakeLists.txt": MODULES,
    "services/runtime/core/clock.h": HEADER + "inline auto now() { return std::chrono::system_clock::now(); }\n",
    "services/runtime/sql/pool.h": HEADER + '\n#include "runtime/core/clock.h"\n',
    "services/runtime/sql/pool.cpp": '#include "runtime/sql/pool.h"\n',
    "services/runtime/sql/find.sql": "-- name: find\n",
    "services/runtime/testing/temp_database.h": HEADER,
    "services/runtime/sql/tests/pool_test.cpp": '#include "runtime/testing/temp_database.h"\n',
    "services/tickets/domain/ticket.h": HEADER + '\n#include "runtime/core/clock.h"\n',
    "services/tickets/store/rows.h": HEADER + '\n#include "runtime/sql/pool.h"\n#include "tickets/domain/ticket.h"\n',
    "services/tickets/app/open_ticket.h": HEADER + '\n#include "tickets/store/rows.h"\n',
    "services/tickets/service.h": HEADER + '\n#include "tickets/app/open_ticket.h"\n',
    "services/tickets/main.cpp": '#include "tickets/service.h"\n',
    "services/all/main.cpp": '#include "tickets/service.h"\n',
    "proto/ticket.proto": 'syntax = "proto3";\n',
    "tools/greet": "#!/usr/bin/env bash\necho hello\n",
    "tools/greet.py": "def greet():\n    print('hello')\n",
}


class Tidy(unittest.TestCase):
    def faults(self, planted=None, unbuilt=(), format_first=True):
        """The faults of the clean tree with `planted` (path -> text) laid over it."""
        tree = {**CLEAN, **(planted or {})}
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            for path, text in tree.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text.replace("{root}", str(root)))
            if format_first:
                cpp = [root / path for path in tree if path.endswith((".cpp", ".h"))]
                subprocess.run(["clang-format-14", "-i", *cpp], check=True)
            build = root / "build" / "dev"
            build.mkdir(parents=True, exist_ok=True)
            (build / "build.ninja").write_text(
                "\n".join(f"build x: {root}/{path}" for path in tree if path not in unbuilt)
            )
            return sorted({(path, fault) for path, _, fault in tidy.all_faults(root, build)})

    def finds(self, path, fault, planted=None, **how):
        """The one fault, and no other."""
        found = self.faults(planted, **how)
        self.assertEqual(len(found), 1, found)
        self.assertEqual(found[0][0], path)
        self.assertIn(fault, found[0][1])

    def includes(self, path, included, fault):
        self.finds(path, fault, {path: CLEAN.get(path, "") + f'#include "{included}"\n'})

    def test_a_clean_tree_has_no_faults(self):
        self.assertEqual(self.faults(), [])

    def test_rooms_include_downwards_only(self):
        self.includes("services/tickets/domain/ticket.h", "tickets/store/rows.h", "domain includes store")
        self.includes("services/tickets/store/rows.h", "tickets/app/open_ticket.h", "store includes app")
        self.includes("services/tickets/app/open_ticket.h", "tickets/service.h", "app includes service")
        self.includes("services/tickets/rpc/service_rpc.cpp", "tickets/service.h", "rpc includes service")

    def test_rpc_and_events_do_not_see_each_other(self):
        event = {
            "services/tickets/events/on_expiring.h": HEADER,
            "services/tickets/rpc/a.cpp": '#include "tickets/events/on_expiring.h"\n',
        }
        self.finds("services/tickets/rpc/a.cpp", "rpc includes events", event)

    def test_a_domain_sees_no_io(self):
        self.includes("services/tickets/domain/ticket.h", "runtime/sql/pool.h", "domain sees no I/O")

    def test_the_rooms_of_one_service_alone(self):
        path = "services/accounts/import/rows.cpp"
        self.finds(path, "import includes app", {path: '#include "accounts/app/open.h"\n'})
        self.finds(path, "import sees no I/O", {path: '#include "runtime/sql/pool.h"\n'})
        test = "services/accounts/sending/tests/sender_test.cpp"
        heard = {
            "services/accounts/events/on_opened.h": HEADER,
            test: '#include "accounts/events/on_opened.h"\n',
        }
        self.assertEqual(self.faults(heard), [])
        path = "services/accounts/sending/sender.cpp"
        self.finds(path, "sending includes events", {**heard, path: heard[test]})

    def test_a_room_that_nobody_knows(self):
        path = "services/tickets/attic/old.cpp"
        self.finds(path, "'attic' is no room", {path: "int a;\n"})
        self.assertEqual(self.faults({"services/command_line/attic/old.cpp": "int a;\n"}), [])

    def test_services_do_not_see_each_others_rooms(self):
        self.includes("services/contracts/app/roll.cpp", "tickets/domain/ticket.h", "another's room")
        self.includes("services/all/main.cpp", "tickets/domain/ticket.h", "another's room")

    def test_runtime_sees_no_service(self):
        self.includes("services/runtime/sql/pool.cpp", "tickets/domain/ticket.h", "runtime includes a service")

    def test_runtime_modules_declare_what_they_use(self):
        self.includes(
            "services/runtime/core/clock.h", "runtime/sql/pool.h", "runtime/core does not declare that it uses sql"
        )
        self.includes(
            "services/runtime/sql/pool.cpp", "runtime/testing/temp_database.h", "does not declare that it uses testing"
        )

    def test_functions_are_short(self):
        for path, long, short in (
            ("services/tickets/app/roll.cpp", _cpp_function(60), _cpp_function(59)),
            ("tools/roll.py", _python_function(60), _python_function(59)),
        ):
            self.finds(path, "a function of 60 lines", {path: long})
            self.assertEqual(self.faults({path: short}), [])

    def test_long_things_that_are_no_functions(self):
        members = "\n".join(f"  int member{number};" for number in range(70))
        one_each = "\n".join(f"int f{number}() {{ return {number}; }}" for number in range(70))
        text = f"namespace a {{\nclass B {{\n{members}\n}};\n{one_each}\n}}  // namespace a\n"
        self.assertEqual(self.faults({"services/tickets/app/roll.cpp": text}), [])

    def test_a_method_in_a_class_is_a_function(self):
        path = "services/tickets/app/roll.cpp"
        body = "\n".join(f"    use('}}', \"}}\", {number});  // }}" for number in range(60))
        text = f"namespace a {{\nclass B {{\n  void f() {{\n{body}\n  }}\n}};\n}}  // namespace a\n"
        self.finds(path, "a function of 62 lines", {path: text})

    def test_files_are_short(self):
        path = "services/runtime/sql/pool.cpp"
        text = '#include "runtime/sql/pool.h"\n' + "int a;\n" * 398
        self.finds(path, "400 lines", {path: text + "int a;\n"})
        self.assertEqual(self.faults({path: text}), [])

    def test_names_say_what_is_held(self):
        for path in (
            "services/tickets/app/util.cpp",
            "services/tickets/app/misc/a.cpp",
            "tools/string_helper.py",
            "docs/common.md",
        ):
            self.finds(path, "say what it holds", {path: "\n"})

    def test_unfinished_work(self):
        self.finds("tools/greet.py", "'TODO'", {"tools/greet.py": "# TODO: greet\n"})

    def test_tests_do_not_sleep(self):
        path = "services/runtime/sql/tests/wait_test.cpp"
        self.finds(path, "a test sleeps", {path: "void f() { std::this_thread::sleep_for(1s); }\n"})
        self.finds("tests/up/wait_test.py", "a test sleeps", {"tests/up/wait_test.py": "time.sleep(1)\n"})

    def test_the_system_clock_is_injected(self):
        path = "services/runtime/sql/pool.cpp"
        self.finds(path, "take a Clock", {path: "auto t = std::chrono::system_clock::now();\n"})

    def test_statements_name_the_columns_of_their_answer(self):
        path = "services/tickets/store/tickets.sql"
        for statement in ("SELECT * FROM a;\n", "SELECT b.* FROM a AS b;\n", "DELETE FROM a\nRETURNING *;\n"):
            self.finds(path, "every column", {path: statement})
        self.assertEqual(self.faults({path: "SELECT b.c\nFROM (SELECT * FROM a) AS b;\n"}), [])

    def test_a_name_of_a_statement_stands_once_in_a_service(self):
        twice = {
            "services/tickets/store/a.sql": "-- name: find\nSELECT 1;\n",
            "services/tickets/store/b.sql": "-- name: lose\nSELECT 1;\n-- name: find\nSELECT 2;\n",
        }
        self.finds("services/tickets/store/b.sql", "'find' stands in services/tickets/store/a.sql", twice)
        elsewhere = {"services/accounts/store/a.sql": "-- name: find\nSELECT 1;\n"}
        self.assertEqual(self.faults(elsewhere), [], "another's namespace, as runtime/sql's is")

    def test_a_try_is_a_statement_of_its_own(self):
        path = "services/tickets/app/roll.cpp"
        for statement in (
            "return end(std::move(ticket), TRY(change(ticket)), now);",
            "return end(TRY(change(ticket)), name_of(ticket));",
            'Ticket ticket{.name = TRY(read("name")), .zone = TRY(read("zone"))};',
            "tickets.push_back({std::string(), TRY(read(name))});",
            "return run([&]() -> Result<> { return end(copy_of(ticket), TRY(change(ticket))); });",
        ):
            self.finds(path, "a TRY beside", {path: f"Result<> roll() {{ {statement} }}\n"})
        for statement in (
            "const auto state = TRY(change(ticket.state, closed()));",
            "return decided(work, *this, ticket.name, place->at, 7, TRY(change(ticket, copy_of(ticket))));",
            "Ticket ticket{.id = id, .name = TRY(read(name))};",
            "return Page{TRY(place_of(token)), size_of(token)};",
            "run(copy_of(ticket), [&]() -> Result<> { TRY(change(ticket)); return {}; });",
            "if (copy_of(ticket)) { TRY(change(ticket)); }",
            "// end(copy_of(ticket), TRY(change(ticket)));",
        ):
            self.assertEqual(self.faults({path: f"Result<> roll() {{\n{statement}\n}}\n"}), [], statement)

    def test_a_limit_is_said_by_its_constant(self):
        path = "services/tickets/app/roll.cpp"
        for message in ('"has more than 200 bytes"', '"at most 1,000 rows"', 'name + " exceeds 64 MiB"'):
            refusal = f'void f() {{ return fail(Reason::field_too_long, "name", {message}); }}\n'
            self.finds(path, "repeats the number of a limit", {path: refusal})
        for message in ('"is below 1"', '"counts from 0"', 'std::to_string(limit) + " bytes of sha256"'):
            refusal = f'void f() {{ return fail(Reason::field_out_of_range, "name", {message}); }}\n'
            self.assertEqual(self.faults({path: refusal}), [])

    def test_paths_of_one_machine(self):
        for text in ("see ../shared/notes\n", "cd /work/checkout\n", "cat /home/me/x\n"):
            self.finds("docs/notes.md", "outside the repository", {"docs/notes.md": text})
        self.assertEqual(
            self.faults({"docs/notes.md": "tests/work/data, $HOME/work/x, https://example.org/work/1\n"}), []
        )

    def test_rules_are_explained(self):
        self.finds(
            "services/tickets/domain/ticket.h",
            "names R98, which docs/rules.md does not explain",
            {"services/tickets/domain/ticket.h": HEADER + "// R97, R98\n", "docs/rules.md": "| R97 | a rule |\n"},
        )

    def test_links_lead_somewhere(self):
        page = "# One page\n\n[words](#one-page), [code](../tools/greet), [far](https://example.org/x), `[no](link)`\n"
        self.assertEqual(self.faults({"docs/notes.md": page}), [])
        self.finds("docs/notes.md", "links to docs/gone.md", {"docs/notes.md": "[gone](gone.md)\n"})
        self.finds("docs/notes.md", "a heading #two that docs/notes.md has not", {"docs/notes.md": "[two](#two)\n"})

    def test_files_that_nothing_uses(self):
        self.finds("services/tickets/app/left.h", "nobody includes it", {"services/tickets/app/left.h": HEADER})
        for path in ("services/runtime/sql/find.sql", "proto/ticket.proto", "services/runtime/sql/pool.cpp"):
            self.finds(path, "no build step reads it", unbuilt=[path])

    def test_a_room_compiled_as_one(self):
        pool, whole = "services/runtime/sql/pool.cpp", "build/dev/Unity/unity_0_cxx.cxx"
        for includes, faults in ((True, 0), (False, 1)):
            text = '#include "{root}/' + pool + '"\n' if includes else "\n"
            self.assertEqual(len(self.faults({whole: text}, unbuilt=[pool])), faults)

    def test_clang_format(self):
        self.finds(
            "services/runtime/sql/pool.cpp",
            "clang-formatted",
            {"services/runtime/sql/pool.cpp": "int  a ;\n"},
            format_first=False,
        )

    def test_shellcheck(self):
        self.finds("tools/greet", "SC2086", {"tools/greet": "#!/usr/bin/env bash\nrm $1\n"})


def _cpp_function(lines):
    return "void roll() {\n" + "  step();\n" * (lines - 2) + "}\n"


def _python_function(lines):
    return "def roll():\n" + "    step()\n" * (lines - 1)


if __name__ == "__main__":
    unittest.main()
