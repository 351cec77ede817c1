"""Icons, style, translations, county outlines."""
