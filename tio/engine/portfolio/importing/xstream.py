"""XML as XStream writes it: an element may stand for another, named by its path or its id."""

import re
from xml.etree.ElementTree import Element, TreeBuilder

from tio.api.errors import Invalid

_STEP = re.compile(r"([\w.\-]+)(?:\[(\d+)\])?")


class Tree:
    """A parsed file whose elements know their line, their parent and whom they stand for."""

    def __init__(self, text: str) -> None:
        self.root, self._lines = _parsed(text)
        self._parents = {child: parent for parent in self.root.iter() for child in parent}
        self._named: dict[str, Element] = {}
        for element in self.root.iter():
            if id := element.get("id"):
                self._named[id] = element
        self._by_tag: dict[tuple[Element, str], list[Element]] = {}

    def line(self, element: Element) -> int:
        """Where it begins."""
        return self._lines[element]

    def meant(self, element: Element) -> Element:
        """The element, or the one it refers to; Invalid where there is none."""
        seen = {element}
        while reference := element.get("reference"):
            element = self._found(element, reference)
            if element in seen:
                raise Invalid(f"line {self.line(element)}: {reference} refers to itself")
            seen.add(element)
        return element

    def child(self, element: Element, name: str) -> Element | None:
        """What is meant by the first child of that name."""
        child = element.find(name)
        return None if child is None else self.meant(child)

    def text(self, element: Element | None, name: str) -> str:
        """The text of a child, "" without one."""
        child = None if element is None else self.child(element, name)
        return "" if child is None else (child.text or "").strip()

    def children(self, element: Element | None, path: str) -> list[Element]:
        """What is meant by each element under a list, `path`."""
        where = None if element is None else element.find(path)
        return [] if where is None else [self.meant(child) for child in self.meant(where)]

    def parent(self, element: Element, above: int = 1) -> Element:
        """So many levels up; Invalid above the root."""
        for _ in range(above):
            if element not in self._parents:
                raise Invalid("a reference leads out of the file")
            element = self._parents[element]
        return element

    def _found(self, element: Element, reference: str) -> Element:
        if reference in self._named:
            return self._named[reference]
        at = self.root if reference.startswith("/") else element
        steps = [step for step in reference.split("/") if step]
        for step in steps[1:] if reference.startswith("/") else steps:
            at = self.parent(at) if step == ".." else self._step(at, step, element)
        return at

    def _step(self, at: Element, step: str, element: Element) -> Element:
        match = _STEP.fullmatch(step)
        place = int(match[2] or 1) if match else 0
        below = self._children(at, match[1]) if match else []
        if not 1 <= place <= len(below):
            raise Invalid(f"line {self.line(element)} refers to a {step} that is not there")
        return below[place - 1]

    def _children(self, at: Element, tag: str) -> list[Element]:
        key = at, tag
        if key not in self._by_tag:
            self._by_tag[key] = at.findall(tag)
        return self._by_tag[key]


class _Builder(TreeBuilder):
    """Keeps the line each element begins on; `place` is asked for it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Element, int] = {}
        self.parser: object = None

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        element = super().start(tag, attrs)
        self.lines[element] = getattr(self.parser, "CurrentLineNumber", 0)
        return element


def _parsed(text: str) -> tuple[Element, dict[Element, int]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser.parser
    try:
        parser.feed(text)
        return parser.close(), builder.lines
    except ParseError as error:
        line, column = error.position
        raise Invalid(f"this is no sound XML: line {line}, column {column + 1}") from None
    except DefusedXmlException:
        raise Invalid(
            "this XML defines entities or a document type, which no export does"
        ) from None
