"""Integration Barometer: the integration policy of Danish cities, measured and assessed."""

__version__ = "0.1.0"
