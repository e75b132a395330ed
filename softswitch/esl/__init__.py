"""The Event Socket as FreeSWITCH's mod_event_socket.c (1.10.12) speaks it: frames, filters, sessions, the server."""
