"""Stops what tools/up started. What was acknowledged is still there at the next start."""

import argparse
import shutil
from pathlib import Path

import installation
import messages
from messages import Refused, say
from place import CHECKOUT, Place


def main():
    parser = argparse.ArgumentParser(prog="tools/down", description=__doc__)
    parser.add_argument(
        "--state", type=Path, default=CHECKOUT / "var", metavar="DIR", help="the folder given to tools/up (var/)"
    )
    parser.add_argument("--wipe", action="store_true", help="forget everything: records, events, keys, logs")
    arguments = parser.parse_args()
    place = Place(arguments.state)
    if not place.state.exists():
        say("nothing runs")
        return
    if not (place.state / "processes").exists():
        raise Refused(
            f"{place.state} is not a folder of tools/up", "name the one that was given to tools/up with --state"
        )
    with place.locked("up"):
        say("stopped" if installation.stop(place) else "nothing runs")
        if arguments.wipe:
            place.forget_servers()
            shutil.rmtree(place.state)
            say(f"forgot {place.state}")


if __name__ == "__main__":
    messages.main(main)
