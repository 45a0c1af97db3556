"""Puts the charting library of the start page into the package while it is built or installed: ``kg/page/vega.js``.

The code of others is not kept in the repository. It comes out of vl-convert-python, which carries the modules of Vega and
bundles those that are asked for, without a network; only the build needs that package, and the result is part of the wheel.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("kg", "page")
BUNDLE, LICENCES = PAGE / "vega.js", PAGE / "vega-licences.txt"

# The parts that bars and columns need, at the versions that vl-convert-python has: all of Vega would be a third more, with
# Vega-Lite twice as much. The interpreter takes the place of eval, which the pages' policy forbids.
SNIPPET = """
import { transforms } from "/npm/vega-dataflow@6.1.0/+esm";
import * as encoding from "/npm/vega-encode@5.1.0/+esm";
import * as data from "/npm/vega-transforms@5.1.0/+esm";
import * as view from "/npm/vega-view-transforms@5.1.0/+esm";
import { View } from "/npm/vega-view@6.1.0/+esm";
import { parse } from "/npm/vega-parser@7.1.0/+esm";
import { expressionInterpreter } from "/npm/vega-interpreter@2.0.0/+esm";
Object.assign(transforms, encoding, data, view);
globalThis.vega = { View, parse, expressionInterpreter };
"""


class VegaHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bundle, its licences at its head. ``version`` is that of the wheel: standard, or editable."""
        from vl_convert import javascript_bundle  # type: ignore[import-untyped]

        root = Path(self.root)
        licences = (root / LICENCES).read_text(encoding="utf-8")
        bundle = f"/*!\n{licences}*/\n{javascript_bundle(SNIPPET)}\n"
        (root / BUNDLE).write_text(bundle, encoding="utf-8", newline="\n")
        build_data["artifacts"].append(f"/{BUNDLE.as_posix()}")  # git does not keep it, the wheel does
