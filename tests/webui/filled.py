"""A form of a page as a browser without script sends it: what stands in it, changed, and one button pressed."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient


class Filled(HTMLParser):
    """The controls of the form called "describe", in the page at hand."""

    def __init__(self, client: FlaskClient, path: str, **first: str) -> None:
        """Open a page: by asking for it, or by sending what it begins with."""
        super().__init__()
        self.client, self.path = client, path
        answer = client.post(path, data=first) if first else client.get(path)
        self._take(answer.get_data(as_text=True), answer.status_code)

    def _take(self, page: str, status: int) -> None:
        self.page, self.status = page, status
        self.controls: list[tuple[str, str]] = []
        self.boxes: list[tuple[str, str]] = []  # that can be ticked
        self.buttons: list[str] = []
        self.ids: set[str] = set()
        self._inside = False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: list[str] | None = None
        self.reset()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note a control."""
        own = {name: value or "" for name, value in attributes}
        self.ids.add(own.get("id", ""))
        if tag == "form":
            self._inside = own.get("id") == "describe"
        elif tag == "button" and own.get("name") == "do":
            self.buttons.append(own["value"])
        elif not self._inside or ("name" not in own and tag != "option"):
            return
        elif tag == "input" and own.get("type") == "checkbox":
            self.boxes.append((own["name"], own["value"]))
            if "checked" in own:
                self.controls.append((own["name"], own["value"]))
        elif tag == "input":
            self.controls.append((own["name"], own.get("value", "")))
        elif tag == "select":
            self._select = (own["name"], [])
        elif tag == "option" and self._select:
            self._select[1].append((own.get("value", "?"), "selected" in own))
        elif tag == "textarea":
            self._area = [own["name"], ""]

    def handle_data(self, data: str) -> None:
        """Note what stands in a text field, or is chosen without a value of its own."""
        if self._area:
            self._area[1] += data
        elif self._select and self._select[1] and self._select[1][-1][0] == "?":
            self._select[1][-1] = (data, self._select[1][-1][1])

    def handle_endtag(self, tag: str) -> None:
        """Close a control."""
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area:
            self.controls.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            self.controls.append((name, next((value for value, on in options if on), options[0][0])))
            self._select = None

    def __getitem__(self, name: str) -> str:
        """Give what stands in a control."""
        return dict(self.controls)[name]

    def put(self, name: str, value: str) -> "Filled":
        """Write in a control, or tick a box."""
        if (name, value) in self.boxes:
            self.controls.append((name, value))
            return self
        place = next(place for place, (known, _) in enumerate(self.controls) if known == name)
        self.controls[place] = (name, value)
        return self

    def press(self, button: str, path: str = "") -> "Filled":
        """Press a button, which must be there, and take the page that comes."""
        assert button in self.buttons, (button, self.buttons)
        data: dict[str, Any] = {}
        for name, value in [*self.controls, ("do", button)]:
            data.setdefault(name, []).append(value)
        answer = self.client.post(path or self.path, data=data)
        self.answer = answer
        self._take(answer.get_data(as_text=True), answer.status_code)
        return self
