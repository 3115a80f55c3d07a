"""How likely it is that something came about by chance alone."""

import math


def log_choices(of: int, taken: int) -> float:
    """
    Natural logarithm of how many ways there are to take some of a number of things.

    Parameters
    ----------
    of, taken
        How many there are, and how many are taken; 0 to `of`.
    """
    return math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)


def chance_of(hits: int, trials: int, share: float) -> float:
    """
    Probability of so many hits or more: the upper tail of the binomial distribution.

    Summed term by term: `scipy.special.bdtrc` is the same, and takes half a second to load.

    Parameters
    ----------
    hits, trials
        Hits, of so many independent trials.
    share
        Probability that one trial hits, above 0 and below 1.
    """
    log_hit, log_miss = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(log_choices(trials, count) + count * log_hit + (trials - count) * log_miss)
        for count in range(hits, trials + 1)
    )
