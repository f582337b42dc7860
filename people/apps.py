from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from people import checks, locks, words  # noqa: F401  app ready

        words.keep()
        pre_migrate.connect(locks.lift_before_migrate, dispatch_uid="people.locks.lift")
        post_migrate.connect(locks.lay_after_migrate, dispatch_uid="people.locks")
