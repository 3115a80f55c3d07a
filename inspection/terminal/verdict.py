"""The answer to a verification, as a person reads it and as a program does."""

from dataclasses import asdict
from typing import Any

from rich.console import Console

from inspection.evidence.proof import PaperProof, Signature, Standing
from inspection.evidence.verify import Flaw, Proof
from inspection.wording.catalogue import Wording


def as_answer(proof: Proof | PaperProof) -> dict[str, Any]:
    """Give the proof as one object for machines."""
    return asdict(proof)


def print_verdict(proof: Proof | PaperProof, console: Console, words: Wording) -> None:
    """Print what was proven, or each thing that disproves it."""
    if proof.flaws:
        for flaw in proof.flaws:
            _say(console, _told(flaw, words))
    elif isinstance(proof, Proof):
        _say(
            console,
            words.say("verify.intact", inspection=proof.inspection, files=proof.files),
        )
    else:
        _say(console, _standing(proof, words))
    if isinstance(proof, PaperProof):
        for signature in proof.signatures:
            for line in _lines(signature, words):
                _say(console, line)
        if not proof.flaws:
            _say(console, words.say(f"verify.paper.pages_{proof.pages}"))
        if proof.standing is Standing.NOT_SIGNED:
            _say(console, words.say("verify.paper.seal_alone"))
        if proof.standing is Standing.ISSUER_UNPROVEN:
            _say(console, words.say("verify.paper.issuer_hint"))


def _told(flaw: Flaw, words: Wording) -> str:
    return words.say(f"errors.{flaw.code}.message") + " " + flaw.file


def _standing(proof: PaperProof, words: Wording) -> str:
    issuers = {one.issuer: None for one in proof.signatures if one.kind == "signature"}
    return words.say(
        f"verify.paper.{proof.standing}",
        inspection=proof.inspection,
        **({"signers": ", ".join(map(str, issuers))} if issuers else {}),
    )


def _lines(signature: Signature, words: Wording) -> list[str]:
    def say(key: str, **facts: object) -> str:
        return words.say(f"verify.signature.{key}", **facts)

    lines = [say(signature.kind, field=signature.field, signer=signature.signer)]
    details = [say("intact" if signature.intact else "broken")]
    if signature.signer is not None:
        if signature.organisation:
            details.append(say("organisation", value=signature.organisation))
        known = "known" if signature.issuer_known else "unproven"
        details.append(say(f"issuer_{known}", issuer=signature.issuer))
        if signature.timestamp_at:
            known = "known" if signature.timestamp_known else "unproven"
            details.append(say(f"stamped_{known}", time=signature.timestamp_at))
        elif signature.claimed_at:
            details.append(say("claimed", time=signature.claimed_at))
        if signature.reason:
            details.append(words.say("signature.reason", reason=signature.reason))
        if signature.location:
            details.append(words.say("signature.place", place=signature.location))
    details.append(say(f"added_{signature.added_after}"))
    remarks = ("shows_over", "expired", "revoked")
    details += [say(remark) for remark in remarks if getattr(signature, remark)]
    return lines + [f"  {detail}" for detail in details]


def _say(console: Console, line: str) -> None:
    # Names in certificates are other people's words: they are printed, never obeyed.
    console.print(line, markup=False, highlight=False, soft_wrap=True)
