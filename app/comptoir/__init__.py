"""A restaurant point of sale in which no terminal is special."""
