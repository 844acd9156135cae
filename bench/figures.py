"""What a measurement gives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` may not go beyond `limit`; `detail` says what it was computed from."""

    name: str
    value: float
    limit: float
    detail: str = ""

    @property
    def is_within(self) -> bool:
        return self.value <= self.limit

    def __str__(self):
        verdict = "OK" if self.is_within else "TOO SLOW"
        return f"{verdict:9} {self.value:6.2f} (limit {self.limit:.2f})  {self.name}; {self.detail}"
