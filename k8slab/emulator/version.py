"""The Kubernetes version whose behaviour is served; the one place that names it."""

MINOR = 36
GIT_VERSION = "v1.36.2"

VERSION_INFO = {
    "major": "1",
    "minor": str(MINOR),
    "emulationMajor": "1",
    "emulationMinor": str(MINOR),
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": str(MINOR - 1),
    "gitVersion": GIT_VERSION,
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "2026-06-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}
