"""What schemathesis takes for wrong in a query although nobody could tell it from what is right there."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def filter_query(context: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """In a URL false is the text "false", which may be an id, and an empty object or list is nothing at all."""
    return not any(isinstance(value, bool) or value is None or value in ({}, []) for value in (query or {}).values())
