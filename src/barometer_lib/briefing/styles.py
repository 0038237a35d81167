"""The styles of a template by which finished files are read again: what is made from figures (items
and texts) and what people wrote."""

ITEM = "Barometer Item"
TEXT = "Barometer Text"
FREE = "Barometer Free Text"
CAPTION = "Caption"
