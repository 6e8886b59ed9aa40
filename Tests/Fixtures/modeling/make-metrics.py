# Writes metrics.json: metrics of seeded predictions by scikit-learn, for comparison.
# Run from the project's root with scikit-learn installed: python Tests/Fixtures/modeling/make-metrics.py
import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20)


def events(name, y, p, threshold=0.5):
    q = (p >= threshold).astype(int)
    tn, fp, fn, tp = m.confusion_matrix(y, q, labels=[0, 1]).ravel()
    fpr, tpr, at = m.roc_curve(y, p, drop_intermediate=False)
    return {
        "name": name, "observed": y.tolist(), "predicted": p.tolist(), "threshold": threshold,
        "confusion": [int(tp), int(fp), int(fn), int(tn)],
        "roc": [[float(a), float(b)] for a, b in zip(fpr, tpr)],
        "values": {
            "auc": m.roc_auc_score(y, p), "pr_auc": m.average_precision_score(y, p),
            "logloss": m.log_loss(y, p), "brier": m.brier_score_loss(y, p),
            "accuracy": m.accuracy_score(y, q),
            "balanced_accuracy": m.balanced_accuracy_score(y, q),
            "precision": m.precision_score(y, q, zero_division=np.nan),
            "recall": m.recall_score(y, q), "f1": m.f1_score(y, q),
            "kappa": m.cohen_kappa_score(y, q), "mcc": m.matthews_corrcoef(y, q),
        },
    }


def numbers(name, y, p):
    return {
        "name": name, "observed": y.tolist(), "predicted": p.tolist(),
        "values": {
            "r2": m.r2_score(y, p), "rmse": m.root_mean_squared_error(y, p),
            "mae": m.mean_absolute_error(y, p), "mape": m.mean_absolute_percentage_error(y, p),
        },
    }


y = (rng.random(60) < 0.4).astype(int)
p = np.clip(0.4 * y + 0.6 * rng.random(60), 0, 1)
cases = [
    events("distinct scores", y, p),
    events("ties", y, np.round(p, 1)),
    events("ties, threshold on a score", y, np.round(p, 1), 0.3),
    events("two scores", y, np.where(p > 0.5, 0.9, 0.1)),
    events("certain and wrong", y, np.where(p > 0.5, 1.0, 0.0)),
    events("rare event", (np.arange(50) == 17).astype(int), np.linspace(0.01, 0.6, 50)),
    numbers("numbers", rng.normal(50, 9, 40).round(3), rng.normal(50, 9, 40).round(3)),
    numbers("worse than the mean", rng.normal(1e6, 1, 30), rng.normal(1e6, 3, 30)),
]
with open("Tests/Fixtures/modeling/metrics.json", "w") as out:
    out.write('{"made": "scikit-learn %s, numpy %s",\n"cases": [\n' % (sklearn.__version__, np.__version__))
    out.write(",\n".join(json.dumps(c) for c in cases).replace("NaN", "null") + "\n]}\n")
