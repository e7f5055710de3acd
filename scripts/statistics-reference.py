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
}
result = {"made_with": reference["made_with"], **live_mcp(sys.argv[1])} if len(sys.argv) > 1 else reference
json.dump(result, sys.stdout, indent=2)
print()
