"""The embedded telephony engine: real SIP and RTP, steered over FreeSWITCH's Event Socket. Knows no cxcore."""
