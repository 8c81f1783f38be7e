"""A whole restaurant on one computer: real tills, real brokers, a cloud, and robot waiters.

For those who want to see what happens when a terminal dies, is stolen or loses its cable, and for
tests that count what was lost.
"""
