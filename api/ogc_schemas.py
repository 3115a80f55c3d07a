"""What is said of the parameters of OGC API Features."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ItemsAsked(BaseModel):
    """
    Parameters of items: taken as they come, and read where each problem has a code of its own.

    Every queryable of a collection is a parameter beside these.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    limit: Annotated[str | None, Field(description="Items of a page: 1 to 1000.")] = None
    after: Annotated[str | None, Field(description="Where a page begins, by `next`.")] = None
    bbox: Annotated[str | None, Field(description="west,south,east,north: they meet it.")] = None
    bbox_crs: Annotated[
        str | None, Field(alias="bbox-crs", description="System of `bbox`; else CRS84.")
    ] = None
    datetime: Annotated[
        str | None, Field(description="A moment, a day, or from/to; `..` is an open end.")
    ] = None
    f: Annotated[str | None, Field(description="`json`, the one form there is.")] = None
