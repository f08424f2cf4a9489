"""Which room may include which: `domain <- store <- app <- {rpc, events} <- service <- main`; runtime knows none."""

import re

# What a room of a service may include of the same service.
BELOW = {
    "domain": {"domain"},
    "store": {"domain", "store"},
    "app": {"domain", "store", "app"},
    "rpc": {"domain", "store", "app", "rpc"},
    "events": {"domain", "store", "app", "events"},
}
# Of runtime, pure rules see what has no I/O.
DOMAIN_SEES = {"core", "calendar"}


def faults(sources):
    uses = _declared_uses(sources)
    for source in sources:
        parts = source.path.split("/")
        if not source.is_cpp() or parts[0] != "services" or len(parts) < 3:
            continue
        for number, included in source.includes():
            target = included.split("/")
            if len(target) < 2:
                continue
            fault = (
                _runtime_fault(parts, target, uses, source.is_test())
                if parts[1] == "runtime"
                else _service_fault(parts, target, source.is_test())
            )
            if fault:
                yield source.path, number, f'{fault}: #include "{included}"'


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


def _runtime_fault(parts, target, uses, is_test):
    if target[0] != "runtime":
        # A path that is not below services/ is generated, or a third party's.
        return "runtime includes a service" if target[0] in _SERVICES else None
    if len(parts) < 4 or len(target) < 3 or parts[2] not in uses:
        return None
    own, of_tests = uses[parts[2]]
    if target[1] in own or (is_test and target[1] in of_tests):
        return None
    return f"runtime/{parts[2]} does not declare that it uses {target[1]}"


_SERVICES = {"accounts", "contracts", "tickets", "notifications", "gateway", "all"}


def _service_fault(parts, target, is_test):
    service = parts[1]
    room = parts[2] if len(parts) > 3 else parts[2].removesuffix(".cpp").removesuffix(".h")
    if target[0] == "runtime":
        allowed = DOMAIN_SEES | ({"testing", "config"} if is_test else set())
        return "a domain sees no I/O" if room == "domain" and target[1] not in allowed else None
    if target[0] not in _SERVICES:
        return None
    if target[0] != service:
        # services/all puts every service into one process, by the service's own front; its tests, and those that hold
        # one service's answers against another's rules, may look further.
        to_front = service == "all" and (is_test or target[1] == "service.h")
        to_rules = is_test and target[1] == "domain"
        return None if to_front or to_rules else "a service includes another's room"
    included = target[1].removesuffix(".h")
    if room in BELOW and included in ("rpc", "events", "app", "store", "service") and included not in BELOW[room]:
        return f"{room} includes {included}"
    if room != "main" and included == "main" or room not in ("main", "service", "tests") and included == "service":
        return f"{room} includes {included}"
    return None
