"""Sound through the border: a trunk or Teams, Kamailio, rtpengine, an engine and a core, with what sound suffers."""
