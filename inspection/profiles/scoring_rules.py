"""How change is scored, as a profile states it."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from geo.detection_settings import ScoringSettings
from inspection.profiles.values import STRICT, Positive, Share

type DetectorKind = Literal["classical", "network"]


@dataclass(frozen=True, kw_only=True)
class ScoringRules:
    """
    What says how far ground changed, and from which score on it counts.

    ``classical``: how far two dates differ in colour and structure, in the noise of the pair.
    ``network``: the network that comes with the product. An office's own detector, which the
    installation's settings name, comes before both.
    """

    detector: DetectorKind = "classical"
    threshold: float = 0.0
    most_threshold: float = 6.0
    doubling: Positive = 3.0
    seed_share: Share = 0.5
    agreement: tuple[Positive, Positive] = (0.5, 1.5)
    rim_m: Positive = 1.0
    sharp_m: Positive = 0.5
    learned_m: Positive = 1.0
    glimpse: float | None = None
    coarsest_m: Positive = 6.0
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @property
    def settings(self) -> ScoringSettings:
        """What scores are judged by."""
        return ScoringSettings(
            threshold=self.threshold,
            most_threshold=self.most_threshold,
            doubling=self.doubling,
            seed_share=self.seed_share,
            agreement=self.agreement,
            rim_m=self.rim_m,
            sharp_m=self.sharp_m,
            learned_m=self.learned_m,
            glimpse=self.glimpse,
            coarsest_m=self.coarsest_m,
        )
