"""What a government has set for all its plans."""

from django.db import models
from django.db.models import F, Q

from people.models import Owned
from plans.models.promises import VALUE, Bands


class BandRule(Owned):
    """Where the gap turns the light in the plans that a government will publish; each plan keeps its own from then on."""

    kind = models.CharField(max_length=8, choices=Bands.Kind)
    green_from = models.DecimalField(**VALUE)  # type: ignore[arg-type]
    yellow_from = models.DecimalField(**VALUE)  # type: ignore[arg-type]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "kind"], name="band_rule_once"),
            models.CheckConstraint(condition=Q(yellow_from__lt=F("green_from")), name="band_rule_ordered"),
        ]
