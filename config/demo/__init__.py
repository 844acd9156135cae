"""The demonstration: fictional people at work on real territories, in French.

`content/` tells the story, in TOML; the modules play it through the domain functions, in the order
of the days.
"""
