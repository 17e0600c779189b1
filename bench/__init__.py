"""`make bench`: how far Counterfoil is above the floor (docs/operate/performance.md).

- `main.py` puts a run together; `report.py` says what came out.
- `inside.py` runs in Counterfoil's own process: it seeds a world and records what the real
  application sends to the database and answers.
- `floor.py` answers the recorded requests without it; `replay_*.py` write what it wrote.
- `pattern.py` and `copies.py` seed an account of millions; `large.py` names its pages.
- `reads.py` and `writes.py` measure both, turn and turn about, through `client.py`.
"""
