"""The JSON API: everything a screen can do, for tablets, web orders and outside programs.

Each operation is declared once, with its types; the routes and the OpenAPI document both come from
the declaration.
"""
