"""The story of README, told by doing it: chapter after chapter, on one installation that each leaves to the next."""

import argparse
import importlib
import pathlib
import sys
import unittest

from chapter import Stage

# Each is a file in chapters/ with one class of tests; what a chapter may count on is what those before it did.
CHAPTERS = [
    "first_agency",
    "open_a_ticket",
    "strangers",
    "operators",
    "previews",
    "bad_input",
    "life_of_a_contract",
    "life_of_a_ticket",
    "a_line_goes_down",
    "clients_of_others",
    "integrations",
    "import_a_book",
    "bad_files",
    "inventory",
    "stop_and_start",
    "promises",
    "time_passes",
    "dead_letters",
]


def suite(chapters):
    loader = unittest.TestLoader()
    return unittest.TestSuite(
        loader.loadTestsFromModule(importlib.import_module(f"chapters.{chapter}")) for chapter in chapters
    )


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", required=True, help="the build that is started")
    parser.add_argument("--build", required=True, type=pathlib.Path, help="its folder; the installation lives below it")
    parser.add_argument("--name", default="story", help="of the installation: two of them may be told at a time")
    parser.add_argument("--ports", type=int, default=18400, help="where free ports are looked for")
    parser.add_argument(
        "--until", choices=CHAPTERS, default=CHAPTERS[-1], help="the last chapter told; the installation then stays up"
    )
    parser.add_argument("up", nargs="*", help="further flags for tools/up, after --")
    return parser.parse_args()


def main():
    arguments = parse()
    told = CHAPTERS[: CHAPTERS.index(arguments.until) + 1]
    stays = told != CHAPTERS
    Stage.open(arguments)
    try:
        result = unittest.TextTestRunner(verbosity=2, failfast=True).run(suite(told))
    finally:
        if stays:
            print(f"it is still up: tools/down --state {Stage.here.state} --wipe")
        else:
            Stage.here.down("--wipe")
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
