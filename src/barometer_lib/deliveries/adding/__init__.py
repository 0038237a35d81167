"""A file into its place as an unedited delivery: how it is written is told, its mapping drafted."""

from barometer_lib.deliveries.adding.describing import Draft, Wishes, draft
from barometer_lib.deliveries.adding.detecting import Detected, Tell, detect

__all__ = ["Detected", "Draft", "Tell", "Wishes", "detect", "draft"]
