"""One's own tokens, for programs that act in one's place."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.reach import reached
from api.schemas import PageAsked, TokenAsked, TokenIssued, TokenPage, TokenShown
from inspection.access.rights import Action, Actor
from inspection.access.tokens import end_token, issue_token
from inspection.records.paging import page
from inspection.records.tables.offices import Token

router = APIRouter(prefix="/tokens", tags=["tokens"])
Reader = Annotated[Actor, Depends(may(Action.TOKEN_READ))]
Owner = Annotated[Actor, Depends(may(Action.TOKEN_CHANGE))]


@router.get("", responses=problems(*IN, 422))
def list_tokens(
    asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> TokenPage:
    """One's tokens, the newest first."""
    with records.reading(actor.office_id) as session:
        own = select(Token).where(Token.user_id == actor.user_id)
        found = page(session, own, Token, size=asked.size, after=asked.after)
        items = [TokenShown.model_validate(one) for one in found.rows]
        return TokenPage(items=items, after=found.after)


@router.post("", status_code=201, responses=problems(*IN, *BODY))
def make_token(asked: TokenAsked, actor: Owner, records: GivenRecords) -> TokenIssued:
    """Make a token that may do some of what one may; its secret is shown this once."""
    with records.writing(actor.office_id) as session:
        issued = issue_token(
            session,
            actor,
            name=asked.name,
            scopes=asked.scopes,
            lasts=timedelta(days=asked.days),
        )
        shown = TokenShown.model_validate(issued.token)
        return TokenIssued(**shown.model_dump(), secret=issued.secret)


@router.delete("/{token_id}", status_code=204, responses=problems(*IN, 404, 422))
def remove_token(token_id: UUID, actor: Owner, records: GivenRecords) -> None:
    """End one of one's tokens, at once."""
    with records.writing(actor.office_id) as session:
        token = reached(session, Token, token_id, actor, Action.TOKEN_CHANGE)
        end_token(session, actor, token)
