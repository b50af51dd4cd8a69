"""What must hold of a project after any number of kills and resumes. Usage: check.py STATE_FOLDER"""
import os, sqlite3, sys

state = sys.argv[1]
db = sqlite3.connect(os.path.join(state, "state.sqlite"))
bad = []
if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
    bad.append("the database is not whole")
if db.execute("PRAGMA foreign_key_check").fetchall():
    bad.append("a foreign key leads nowhere")
twice = db.execute(
    "SELECT fingerprint, count(*) FROM attempt WHERE state IN ('succeeded', 'refused') "
    "GROUP BY fingerprint HAVING count(*) > 1").fetchall()
# Bytes of a command's result are flushed beside the run: what a loss of power takes is done again.
if twice and not os.environ.get("LOST_POWER"):
    bad.append(f"{len(twice)} requests were done twice")
if db.execute("SELECT count(*) FROM attempt WHERE state = 'running'").fetchone()[0]:
    bad.append("an attempt is still running")
final = dict(db.execute("SELECT stage, state FROM job WHERE run = (SELECT max(id) FROM run)"))
want = {"behind": "blocked", "gate": "refused"}
for stage, found in final.items():
    if found != want.get(stage, "succeeded"):
        bad.append(f"stage {stage} is {found}")
steps = db.execute(
    "SELECT max(n) FROM (SELECT count(*) AS n FROM metric WHERE job IN "
    "(SELECT id FROM job WHERE stage = 'steps') GROUP BY job)").fetchone()[0]
if steps != 12:
    bad.append(f"{steps} of 12 metrics of 'steps' are recorded")
for folder in ("attempts", "checkpoints"):
    left = os.listdir(os.path.join(state, folder))
    if left:
        bad.append(f"{folder} holds {left[:3]}")
print("; ".join(bad))
sys.exit(1 if bad else 0)
