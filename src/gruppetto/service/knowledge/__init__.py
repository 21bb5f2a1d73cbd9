"""What staff need to know to answer: articles in plain French, by versions, linked to kinds and to one another.

The first texts live in ``content/articles`` as TOML, read strictly (``article``, ``files``) and loaded as published
versions; people then write the next ones, and another person publishes them.
"""
