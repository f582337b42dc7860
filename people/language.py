"""The language a page speaks: Chinese first, English complete."""

from django.utils.translation import get_language


def speaks_english() -> bool:
    return (get_language() or "").startswith("en")


def in_language(chinese: str, english: str) -> str:
    """The English text where the page speaks English and there is one, else the Chinese."""
    return english if english and speaks_english() else chinese
