"""Computes the figures that tests compare our statistics with.

    pip install scikit-learn scipy krippendorff
    python3 scripts/statistics-reference.py > packages/contract/test/statistics-reference.json
    python3 scripts/statistics-reference.py livemcp.jsonl > packages/server/test/http/support/live-mcp-agreement.json

The samples of the first come from a small generator that the test repeats, so that only figures are stored. The second
is the agreement of ten published judges with people, on LiveMCPBench's trajectories (ICIP-CAS, Apache-2.0).
"""

import json
import sys

import krippendorff
import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import brier_score_loss, cohen_kappa_score, confusion_matrix, roc_auc_score


def generator(seed):
    """Numbers in [0, 1): the minimal standard generator of Park and Miller."""
    state = seed
    while True:
        state = state * 48271 % 2147483647
        yield state / 2147483647


def sample(seed, n, sessions):
    """Targets with the judge's value and people's word; the targets of a session are alike."""
    numbers = generator(seed)
    moods = [next(numbers) for _ in range(sessions)]
    items = []
    for i in range(n):
        quality = 0.5 * moods[i % sessions] + 0.5 * next(numbers)
        value = int((0.6 * quality + 0.4 * next(numbers)) * 100) / 100
        items.append({"cluster": i % sessions, "value": value, "person": quality >= 0.45})
    return items


def agreement(items, threshold):
    person = np.array([item["person"] for item in items], dtype=int)
    value = np.array([item["value"] for item in items])
    judge = (value >= threshold).astype(int)
    return {**verdicts(judge, person), "auc": roc_auc_score(person, value), "brier": brier_score_loss(person, value)}


def verdicts(judge, person):
    tn, fp, fn, tp = (int(count) for count in confusion_matrix(person, judge, labels=[0, 1]).ravel())
    tpr, tnr, rate = tp / (tp + fn), tn / (tn + fp), judge.mean()
    corrected = min(1, max(0, (rate + tnr - 1) / (tpr + tnr - 1))) if tpr + tnr > 1 else None
    return {
        "confusion": {"tp": tp, "fp": fp, "fn": fn, "tn": tn},
        "kappa": cohen_kappa_score(person, judge),
        "tpr": tpr,
        "tnr": tnr,
        "judge": float(rate),
        "corrected": corrected,
    }


def kappa_interval(items, threshold):
    """Each target is a session of its own here: scipy's bootstrap knows no clusters."""
    person = np.array([item["person"] for item in items], dtype=int)
    judge = (np.array([item["value"] for item in items]) >= threshold).astype(int)

    def kappa(person, judge):
        return cohen_kappa_score(person, judge)

    interval = stats.bootstrap(
        (person, judge), kappa, paired=True, vectorized=False, n_resamples=20_000, method="percentile", random_state=7
    ).confidence_interval
    return {"low": float(interval.low), "high": float(interval.high)}


def alpha_sample():
    numbers = generator(99)
    ratings = []
    for _ in range(60):
        quality = next(numbers)
        raters = 1 + int(next(numbers) * 4)
        ratings.append([int(quality + 0.5 * (next(numbers) - 0.5) >= 0.5) for _ in range(raters)])
    width = max(len(row) for row in ratings)
    table = np.array([row + [np.nan] * (width - len(row)) for row in ratings], dtype=float).T
    return krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")


def paired_sample(seed, n, sessions, shift):
    """Values of two versions on the same cases."""
    numbers = generator(seed)
    moods = [next(numbers) for _ in range(sessions)]
    pairs = []
    for i in range(n):
        base = 0.5 * moods[i % sessions] + 0.3 * next(numbers)
        a = int((base + 0.2 * next(numbers)) * 10_000) / 10_000
        b = int((base + 0.2 * next(numbers) + shift) * 10_000) / 10_000
        pairs.append((i % sessions, a, b))
    return pairs


def paired(seed, n, shift):
    pairs = paired_sample(seed, n, n, shift)
    a = np.array([pair[1] for pair in pairs])
    b = np.array([pair[2] for pair in pairs])
    difference = b - a
    interval = stats.bootstrap(
        (difference,), np.mean, n_resamples=20_000, method="percentile", random_state=7
    ).confidence_interval
    p_value = stats.permutation_test(
        (difference,),
        lambda d: np.mean(d),
        permutation_type="samples",
        vectorized=False,
        n_resamples=20_000,
        random_state=7,
    ).pvalue
    threshold = 0.5
    wins = int(((b >= threshold) & (a < threshold)).sum())
    losses = int(((b < threshold) & (a >= threshold)).sum())
    return {
        "difference": float(difference.mean()),
        "ci": {"low": float(interval.low), "high": float(interval.high)},
        "p_value": float(p_value),
        "mcnemar": float(stats.binomtest(wins, wins + losses, 0.5).pvalue) if wins + losses else None,
    }


def exact_paired():
    """Few enough sessions for scipy to try every sign."""
    pairs = paired_sample(5, 9, 9, 0.05)
    difference = np.array([pair[2] - pair[1] for pair in pairs])
    return stats.permutation_test(
        (difference,), lambda d: np.mean(d), permutation_type="samples", vectorized=False, n_resamples=np.inf
    ).pvalue


def unpaired(seed, n, m, shift):
    """Values of two samples that share no case, each a session of its own."""
    a = np.array([pair[1] for pair in paired_sample(seed, n, n, 0)])
    b = np.array([pair[1] for pair in paired_sample(seed + 1, m, m, 0)]) + shift
    difference = lambda a, b: np.mean(b) - np.mean(a)
    interval = stats.bootstrap(
        (a, b), difference, vectorized=False, n_resamples=20_000, method="percentile", random_state=7
    ).confidence_interval
    p_value = stats.permutation_test((a, b), difference, vectorized=False, n_resamples=20_000, random_state=7).pvalue
    return {
        "difference": float(difference(a, b)),
        "ci": {"low": float(interval.low), "high": float(interval.high)},
        "p_value": float(p_value),
    }


def live_mcp(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    person = np.array([row["human"] == "success" for row in rows], dtype=int)
    judges = sorted(rows[0]["judges"])
    table = np.array([[row["judges"][judge]["verdict"] == "success" for row in rows] for judge in judges], dtype=int)
    return {
        "judges": {judge: verdicts(table[i], person) for i, judge in enumerate(judges)},
        "alpha_of_judges": krippendorff.alpha(reliability_data=table.astype(float), level_of_measurement="nominal"),
    }


samples = {"balanced": (1, 200, 200), "small": (2, 30, 12), "clustered": (3, 400, 25)}
reference = {
    "made_with": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, krippendorff",
    "agreement": {
        name: {"seed": seed, "n": n, "sessions": sessions, **agreement(sample(seed, n, sessions), 0.5)}
        for name, (seed, n, sessions) in samples.items()
    },
    "kappa_ci": kappa_interval(sample(1, 200, 200), 0.5),
    "alpha": alpha_sample(),
    "paired": [
        {"seed": seed, "n": n, "shift": shift, **paired(seed, n, shift)}
        for seed, n, shift in [(11, 80, 0.0), (12, 120, 0.03), (13, 60, -0.05)]
    ],
    "unpaired": [
        {"seed": seed, "n": n, "m": m, "shift": shift, **unpaired(seed, n, m, shift)}
        for seed, n, m, shift in [(21, 90, 60, 0.0), (22, 40, 120, 0.1)]
    ],
    "exact_p_value": float(exact_paired()),
    "holm": {"p": [0.01, 0.04, 0.03, 0.2], "adjusted": [0.04, 0.09, 0.09, 0.2]},
}
result = {"made_with": reference["made_with"], **live_mcp(sys.argv[1])} if len(sys.argv) > 1 else reference
json.dump(result, sys.stdout, indent=2)
print()
