"""Sound in and out over RTP: one thread, one tick each 20 ms, any number of ports.

Control code opens a `Port` per leg at the `MediaEngine` and tells it where the party is, what to play and
whom it hears.
"""

from softswitch.media.codec import Codec
from softswitch.media.engine import MediaEngine, TickStatistics
from softswitch.media.errors import MediaEngineStopped, MediaError, NoMediaPortLeft, TooManyOrders, UnusableAddress
from softswitch.media.hold_music import HoldMusic, NoHoldMusic
from softswitch.media.port import Ear, Port, PortListener, RemoteMedia
from softswitch.media.quality import PortQuality
from softswitch.media.settings import MediaSettings
from softswitch.media.sources import (
    FileSource,
    SilenceSource,
    Source,
    Stream,
    StreamSource,
    ToneSource,
    UnreadableSound,
    UnreadableTone,
)

__all__ = [
    "Codec",
    "Ear",
    "FileSource",
    "HoldMusic",
    "MediaEngine",
    "MediaEngineStopped",
    "MediaError",
    "MediaSettings",
    "NoHoldMusic",
    "NoMediaPortLeft",
    "Port",
    "PortListener",
    "PortQuality",
    "RemoteMedia",
    "SilenceSource",
    "Source",
    "Stream",
    "StreamSource",
    "TickStatistics",
    "ToneSource",
    "TooManyOrders",
    "UnreadableSound",
    "UnreadableTone",
    "UnusableAddress",
]
