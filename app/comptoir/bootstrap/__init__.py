"""Builds everything: the modules that know all parts, one for each program, and put it together.

A program imports only its own module, so that the replica does not carry the web server's
libraries in memory, and a command of the boot is done before the network is up.
"""
