"""An address for every path of the document, of something that the demo data has."""

from __future__ import annotations

from service import Document, Service

#: What goes by the name of another thing than its id.
NAMES = {"{organisation}": "organisation", "{respondent}": "respondent", "{date}": "date"}
#: Where the first of its kind does not have what is looked for.
ELSEWHERE = {
    "/v1/campaigns/{id}/enrolments": "/v1/campaigns/digidel2013/enrolments",
    "/v1/goals/{id}/breakdown": "/v1/goals/digidel2013/breakdown",
}


class Places:
    """`paths` has the address for each path."""

    def __init__(self, service: Service, document: Document) -> None:
        self._service = service
        self._make_what_the_demo_lacks()
        self.paths: dict[str, str] = {}
        for _, path, _ in document.operations():
            if path not in self.paths:
                self.paths[path] = self._address(path)

    def _make_what_the_demo_lacks(self) -> None:
        body = {"role": "partner", "organisation": "abf", "label": "conformance"}
        answer = self._service.ask("POST", "/v1/keys", body=body, with_key=True)
        assert answer.status == 201, answer.body

    def _address(self, path: str) -> str:
        if path in ELSEWHERE:
            return ELSEWHERE[path]
        parent, _, last = path.rpartition("/")
        if not last.startswith("{"):
            return f"{self._address(parent)}/{last}" if "{" in parent else path
        found = self._address(parent)
        document = self._service.get(found, with_key=True).json()
        items = document["items"]
        assert items, f"the demo data has nothing at {found}"
        return f"{found}/{items[0][NAMES.get(last, 'id')]}"
