"""Files that nothing uses: a header nobody includes, a source that no build step reads."""

import os

BUILT = {".cpp", ".sql", ".proto"}


def faults(root, build, sources):
    """build.ninja names every source of the build, from the root or from the build's folder; those of a room that is
    compiled as one stand in the file that CMake writes for it."""
    read = set((build / "build.ninja").read_text().split())
    for whole in [path for path in read if path.endswith("_cxx.cxx")]:
        read |= set((build / whole).read_text().replace('"', " ").split())
    above = os.path.relpath(root, build)
    included = {included for source in sources for _, included in source.includes()}
    for source in sources:
        if source.suffix in (".h", ".def"):
            if not any(source.path == path or source.path.endswith(f"/{path}") for path in included):
                yield source.path, 1, "nobody includes it"
        elif source.suffix in BUILT and not read & {f"{root}/{source.path}", f"{above}/{source.path}"}:
            yield source.path, 1, "no build step reads it"
