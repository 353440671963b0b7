# What the researcher does in the container: brings the measurements and the analysis, and makes the results.
set -e
useradd -m ada
install -d -o ada -g ada /srv/paper
cat > /srv/paper/analyse.py
python3 - <<'P'
import numpy as np
noise = np.random.RandomState(42).normal(0, 0.01, 400)
time = np.arange(400) * 0.05
value = 2.5 * np.exp(-time / 7.3) + 0.02 * np.sin(2 * np.pi * 1.7 * time) + noise
np.savetxt("/srv/paper/measurements.csv", np.column_stack([time, np.abs(value)]), delimiter=",", header="time,value", comments="")
P
chown ada:ada /srv/paper/*
su ada -c 'python3 /srv/paper/analyse.py'
