"""The only package that knows the Event Socket and FreeSWITCH's words."""
