"""Builds everything and connects it, for each process that the product runs. Read this first.

`core` is the controller: settings → site → storage → floor → switch → inbox → link to the screens. `web` is what the
web process gets to see. `accounts` and `robots` serve commands of `cx`. The other modules are the parts of these.
"""
