#!/usr/bin/env python3
"""Writes the snippets of Markdown files that are for Zephyr to files.

    extract.py [--user] OUT MARKDOWN...

The second block of Rust in README.md becomes OUT/README-2.rs, and the module `readme_2` in OUT/snippets.rs. C becomes
OUT/README-1.c, and devicetree OUT/README-1.overlay. Blocks with other names, such as `c posix`, are not for Zephyr. With
--user it writes only C for Zephyr with user mode, `c user`.
"""

import re
import shutil
import sys
from pathlib import Path

SUFFIXES = {"rust": "rs", "rust,ignore": "rs", "c": "c", "dts": "overlay"}

arguments = sys.argv[1:]
if arguments[0] == "--user":
    SUFFIXES = {"c user": "c"}
    arguments.pop(0)
out = Path(arguments.pop(0))
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
modules = []
for document in map(Path, arguments):
    count = dict.fromkeys(SUFFIXES.values(), 0)
    for info, text in re.findall(r"^```(\S.*)\n((?:.*\n)*?)```$", document.read_text(), re.M):
        if suffix := SUFFIXES.get(info):
            count[suffix] += 1
            name = f"{document.stem}-{count[suffix]}"
            (out / f"{name}.{suffix}").write_text(text)
            if suffix == "rs":
                # Recipes are only compiled.
                is_recipe = document.stem in ("alternatives", "howto")
                unused = "#[allow(dead_code)]\n" if is_recipe else ""
                module = name.lower().replace("-", "_")
                modules.append(f'{unused}mod {module} {{\n    include!("{name}.rs");\n}}\n')
(out / "snippets.rs").write_text("".join(modules))
