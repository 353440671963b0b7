"""The analysis of a paper: a decay with noise is fitted, its spectrum taken, and both are plotted."""

import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

HERE = "/srv/paper"
data = np.loadtxt(f"{HERE}/measurements.csv", delimiter=",", skiprows=1)
time, value = data[:, 0], data[:, 1]

slope, offset = np.polyfit(time, np.log(value), 1)
lifetime = -1 / slope
model = np.exp(offset + slope * time)
residual = value - model
spectrum = np.abs(np.fft.rfft(residual))
peak = np.fft.rfftfreq(len(time), time[1] - time[0])[1 + np.argmax(spectrum[1:])]

print(f"numpy {np.__version__}")
print(f"lifetime {lifetime!r}".replace("np.float64(", "").replace(")", ""))
print(f"amplitude {float(np.exp(offset))!r}")
print(f"rms {float(np.sqrt(np.mean(residual**2)))!r}")
print(f"peak {float(peak)!r} Hz")

os.makedirs(f"{HERE}/results", exist_ok=True)
np.savetxt(f"{HERE}/results/fit.csv", np.column_stack([time, model, residual]), delimiter=",", header="time,model,residual")
figure, axes = plt.subplots(figsize=(6, 4))
axes.plot(time, value, ".", label="measured")
axes.plot(time, model, "-", label="fit")
axes.set_xlabel("time / s")
axes.set_ylabel("signal / V")
axes.legend()
figure.savefig(f"{HERE}/results/figure.png", dpi=100)
