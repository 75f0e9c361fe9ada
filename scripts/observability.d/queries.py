"""The queries of rules and dashboard, and the metrics in them."""

import json
import re


def rule_queries(path):
    """What stands behind `expr:`, on its line or as a block; the file is YAML of a simple kind."""
    queries, lines = [], path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        match = re.match(r"( *)expr: (.*)", line)
        if not match:
            continue
        if match[2] != "|":
            queries.append(match[2])
            continue
        block = []
        for further in lines[number + 1:]:
            if len(further) - len(further.lstrip()) <= len(match[1]):
                break
            block.append(further)
        queries.append("\n".join(block))
    return queries


def dashboard_queries(path):
    """The targets of all panels, and what the variables ask."""
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    panels = [panel for row in dashboard["panels"] for panel in [row, *row.get("panels", [])]]
    return [target["expr"] for panel in panels for target in panel.get("targets", [])]


def metric_names(query):
    """Names that are neither functions, keywords, labels nor text."""
    query = re.sub(r'"[^"]*"', "", query)
    query = re.sub(r"\{[^}]*\}", "", query)
    query = re.sub(r"\[[^\]]*\]", "", query)
    query = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", query)
    names = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w)(?!\s*\()", query)
    return {name for name in names if name not in {"and", "or", "unless", "bool", "offset", "sum", "max", "min", "avg"}}
