"""Which room may include which: `domain <- store <- app <- {rpc, events} <- service <- main`, and between them the rooms
that one service has and others have not; runtime knows none."""

import re

# What a room of a service may include of the same service. A folder that is not here is no room.
BELOW = {
    "domain": {"domain"},
    "store": {"domain", "store"},
    "import": {"domain", "import"},
    "templates": {"templates"},
    "channels": {"domain", "channels"},
    "app": {"domain", "store", "import", "templates", "app"},
    "importing": {"domain", "app", "importing"},
    "sending": {"domain", "channels", "app", "sending"},
    "rpc": {"domain", "store", "app", "rpc"},
    "events": {"domain", "store", "app", "events"},
}
# What a room's tests may include besides: deliveries begin with an event.
TESTS_SEE = {"sending": {"events"}}
# Folders of a service that include nothing, or everything.
NO_ROOMS = {"migrations", "tests"}
# What has no rooms: one room itself, or what puts services together.
PROGRAMS = {"all", "bench", "command_line"}
# Of runtime, what is a pure function sees what has no I/O.
PURE = {"domain", "import", "templates"}
PURE_SEES = {"core", "calendar"}


def faults(sources):
    uses = _declared_uses(sources)
    parts_of = [source.path.split("/") for source in sources]
    services = {parts[1] for parts in parts_of if parts[0] == "services" and len(parts) > 2} - {"runtime"}
    yield from _unknown_rooms(sources, services - PROGRAMS)
    for source in sources:
        parts = source.path.split("/")
        if not source.is_cpp() or parts[0] != "services" or len(parts) < 3:
            continue
        for number, included in source.includes():
            target = included.split("/")
            if len(target) < 2:
                continue
            fault = (
                _runtime_fault(parts, target, uses, services, source.is_test())
                if parts[1] == "runtime"
                else _service_fault(parts, target, services, source.is_test())
            )
            if fault:
                yield source.path, number, f'{fault}: #include "{included}"'


def _unknown_rooms(sources, services):
    for source in sources:
        parts = source.path.split("/")
        if parts[0] != "services" or parts[1] not in services or len(parts) < 4:
            continue
        if parts[2] not in BELOW and parts[2] not in NO_ROOMS:
            yield source.path, 1, f"'{parts[2]}' is no room that tests/tidy/rooms.py knows: say there what it may include"


def _declared_uses(sources):
    """module -> (modules it may include, those its tests may besides), from services/runtime/CMakeLists.txt."""
    uses = {}
    for source in sources:
        if source.path == "services/runtime/CMakeLists.txt":
            for name, rest in re.findall(r"holdfast_module\((\w+)([^)]*)\)", source.text):
                words = {"USES": set(), "TEST_USES": set()}
                keyword = None
                for word in rest.split():
                    if word.isupper():
                        keyword = word
                    elif keyword in words:
                        words[keyword].add(word)
                uses[name] = words["USES"] | {name}, words["TEST_USES"]
    return uses


def _runtime_fault(parts, target, uses, services, is_test):
    if target[0] != "runtime":
        # A path that is not below services/ is generated, or a third party's.
        return "runtime includes a service" if target[0] in services else None
    if len(parts) < 4 or len(target) < 3 or parts[2] not in uses:
        return None
    own, of_tests = uses[parts[2]]
    if target[1] in own or (is_test and target[1] in of_tests):
        return None
    return f"runtime/{parts[2]} does not declare that it uses {target[1]}"


def _service_fault(parts, target, services, is_test):
    service = parts[1]
    room = parts[2] if len(parts) > 3 else parts[2].removesuffix(".cpp").removesuffix(".h")
    if target[0] == "runtime":
        allowed = PURE_SEES | ({"testing", "config"} if is_test else set())
        return f"{room} sees no I/O" if room in PURE and target[1] not in allowed else None
    if target[0] not in services:
        return None
    if target[0] != service:
        # services/all puts every service into one process, by the service's own front; its tests, and those that hold
        # one service's answers against another's rules, may look further.
        to_front = service == "all" and (is_test or target[1] == "service.h")
        to_rules = is_test and target[1] == "domain"
        return None if to_front or to_rules else "a service includes another's room"
    included = target[1].removesuffix(".h")
    allowed = BELOW.get(room, set()) | (TESTS_SEE.get(room, set()) if is_test else set())
    if room in BELOW and included in {*BELOW, "service"} and included not in allowed:
        return f"{room} includes {included}"
    if room != "main" and included == "main" or room not in ("main", "service", "tests") and included == "service":
        return f"{room} includes {included}"
    return None
