"""What a report is made of: sections of blocks, worded and rounded; how they look is elsewhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Self

type Cell = str | "Mark"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A verdict: a shape and a word, so that colour alone carries nothing."""

    verdict: str
    word: str
    kind: ClassVar[str] = "mark"


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph."""

    text: str
    tone: Literal["plain", "strong", "note", "quiet"] = "plain"
    kind: ClassVar[str] = "text"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Labels and their values, one below the other."""

    rows: Sequence[tuple[str, str]]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Labels and values that a machine compares: hashes, keys, file names."""

    rows: Sequence[tuple[str, str]]
    kind: ClassVar[str] = "codes"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under a head that is repeated on every page."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float]
    """Shares of the width, one a column."""

    numbers: Sequence[int] = ()
    """Columns that are set flush right."""

    caption: str = ""
    abreast: int = 1
    """Tables that the rows are dealt to, side by side, to save height."""

    kind: ClassVar[str] = "table"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One of the five questions with its answer."""

    title: str
    mark: Mark
    sentence: str
    figures: Sequence[str]
    """Value with its uncertainty, and limit."""


@dataclass(frozen=True, kw_only=True)
class Questions:
    """The five answers of page one."""

    rows: Sequence[Question]
    kind: ClassVar[str] = "questions"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawing by name, and the words for those who cannot see it."""

    name: str
    alt: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Drawings side by side."""

    pictures: Sequence[Picture]
    columns: int
    """Places side by side; a drawing keeps its size where fewer are filled."""

    kind: ClassVar[str] = "pictures"

    @classmethod
    def one(cls, name: str, *, alt: str, caption: str) -> Self:
        """Give one drawing over the whole width."""
        return cls(pictures=[Picture(name=name, alt=alt, caption=caption)], columns=1)


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list."""

    title: str
    items: Sequence[str]
    numbered: bool = False
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True, kw_only=True)
class Form:
    """Room that only people fill."""

    label: str
    lines: int
    kind: ClassVar[str] = "form"


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Places for signatures by hand, and the box that an electronic one goes into."""

    box: str
    names: Sequence[tuple[str, Sequence[str]]]
    kind: ClassVar[str] = "signatures"


type Block = Text | Facts | Codes | Table | Questions | Pictures | Bullets | Form | Signatures


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    name: str
    title: str
    blocks: Sequence[Block]
    level: Literal[1, 2] = 1
    new_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The strip on top of the first page: what this paper is, and how it can be checked."""

    title: str
    subtitle: str
    rows: Sequence[tuple[str, str]]
    state: str
    code_label: str
    code: str
    qr: str
    """Name of the drawing."""

    qr_alt: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole report in one language, ready to be set."""

    language: str
    title: str
    cover: Cover
    sections: Sequence[Section]
    header: tuple[str, str]
    footer: str
    page_words: tuple[str, str]
    """Before the page's number, and between it and the number of pages."""

    paper_mm: tuple[float, float]
    created_at: Sequence[int]
    """Year, month, day, hour, minute, second; UTC."""

    sha256: str
    """Of inspection.json."""

    how_printed: Sequence[str]
    """Keywords that say how this paper differs from the full one."""

    attached: str
    """What the embedded document is, in words."""

    def plain(self) -> dict[str, Any]:
        """Give the report as values that JSON carries; each block says which kind it is."""
        return {
            **asdict(self),
            "sections": [
                {**asdict(section), "blocks": [_plain(block) for block in section.blocks]}
                for section in self.sections
            ],
        }


def _plain(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, **asdict(block)}
