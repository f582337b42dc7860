"""`python -m tests.plans.papers`: prints how much of each paper of the corpus is read right; `-v` says what is not."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from tests.plans.papers import corpus, corpus_later, corpus_unseen
    from tests.plans.papers.reckoning import scores

    for cases in (corpus.CASES, corpus_unseen.CASES, corpus_later.CASES):
        found = scores(cases)
        from tests.plans.papers.scoring import table

        print(table(found) + "\n")
        if "-v" in sys.argv:
            for name, one in found.items():
                print("\n".join(f"{name}: {line}" for line in one.wrong))


if __name__ == "__main__":
    main()
