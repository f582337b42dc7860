"""The demonstration "the last afternoon": its people, its invented figures, its clock.

`build.build()` makes it from the shipped city; `turning` moves its clock by the product's own deeds; `house` keeps the file
that "start over" swaps in. Every figure after the targets is invented; people are offices.
"""
