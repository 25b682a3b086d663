"""XML as elements that end one after the other. What can do harm is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.options import at_line, check_size

DEEPEST = 30  # elements within each other; SDMX-ML has eight
OTHER_FORM = "Download it as CSV or JSON; save a workbook as .xlsx."

Fields = dict[str, str]


@dataclass(slots=True)
class Element:
    """An element of a document."""

    name: str  # without its prefix
    attributes: Fields = field(default_factory=dict)  # others than those about the schema
    fields: Fields = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    is_leaf: bool = True

    @property
    def text(self) -> str:
        """The text within, its spaces joined."""
        return " ".join("".join(self.texts).split())


class Handler(ContentHandler):
    """Follows a document, and keeps what its elements say."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._count = 0  # rows
        self.open: list[Element] = []  # from the outermost to the innermost

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - of SAX
        """Take the tag that opens an element."""
        if len(self.open) == DEEPEST:
            sentence = f"{self.name} is XML, nested too deeply to be a table of figures."
            raise InputError(sentence, OTHER_FORM)
        element = Element(name.rpartition(":")[2])
        if self.open:  # attributes of the outermost one are about the message
            own = {key: text for key, text in attrs.items() if ":" not in key and key != "xmlns"}
            element.attributes = own
            self.open[-1].is_leaf = False
        self.open.append(element)

    def characters(self, content: str) -> None:
        """Take a text of the innermost element."""
        self.open[-1].texts.append(content)

    def endElement(self, _: str) -> None:  # noqa: N802 - of SAX
        """Hand on an element that is whole."""
        element = self.open.pop()
        if self.open:
            self.keep(element, self.open[-1])

    def keep(self, element: Element, parent: Element) -> None:
        """Keep a row, or what an element says of those in it or around it."""

    def fields_of(self, element: Element) -> Fields:
        """Give what an element says of the rows in it."""
        return element.fields

    def row(self, own: Fields) -> tuple[list[Element], Fields]:
        """Give the fields of a row, with the elements around it, which may yet get theirs."""
        self._count += 1
        check_size(self.name, self._count)
        return self.open.copy(), own

    def joined(self, rows: Sequence[tuple[list[Element], Fields]]) -> list[Fields]:
        """Join the fields of rows with what is said around them."""
        joined = list[Fields]()
        for around, own in rows:
            fields = Fields()
            for element in around:
                fields |= self.fields_of(element)
            joined.append(fields | own)
        return joined


def follow(text: str, name: str, handler: Handler) -> None:
    """Hand the elements of a document to a handler. Raises InputError where it is damaged.

    A document type can define entities that grow without end, or that name other files.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.expatreader import create_parser

    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        parser.feed(text)
        parser.close()
    except SAXParseException as error:
        column = (error.getColumnNumber() or 0) + 1
        problem = f"not valid XML, {error.getMessage()} (column {column})."
        raise InputError(
            problem,
            "Download it anew.",
            code="damaged",
            place=at_line(name, error.getLineNumber() or 1, column),
        ) from None
    except DefusedXmlException:
        raise InputError(
            f"{name} is XML with a document type, which can hide what the file holds.",
            "Remove <!DOCTYPE ...>, or download it as CSV.",
        ) from None
