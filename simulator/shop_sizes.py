"""The size charts of the demo shop: `shop/size_charts.yml`, read strictly or not at all."""

import re
from functools import cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from simulator.shop_catalogue import SHOP_FILES, Product, catalogue, read_json
from simulator.shop_policies import Texts

_SPAN = re.compile(r"[0-9]{1,3}(\.[0-9])?(-[0-9]{1,3}(\.[0-9])?)?")


class Chart(BaseModel):
    """One chart; its rows by size, each with the numbers abroad and the measures."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ref: str = Field(pattern=r"^[a-z-]{3,40}$")
    title: Texts
    categories: list[str]
    products: list[str]
    without: list[str] = []
    gender: Literal["women", "men", "unisex"]
    systems: list[Literal["br", "us", "eu", "uk"]]
    measures: Annotated[list[Literal["foot", "chest", "waist", "hip"]], Field(min_length=1)]
    how_to_measure: Texts
    note: dict[Literal["pt", "en"], str] = {}
    rows: Annotated[dict[str, dict[str, str | int | float]], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_its_columns(self) -> "Chart":
        if unknown := set(self.categories) - set(catalogue().kinds):
            raise ValueError(f"no such categories: {', '.join(sorted(unknown))}")
        for size, row in self.rows.items():
            columns = {*self.systems, *self.measures}
            if not set(self.measures) <= set(row) <= columns:
                raise ValueError(f"{size}: its columns aren't the chart's")
            if not all(_SPAN.fullmatch(str(row[name])) for name in self.measures):
                raise ValueError(f"{size}: no measure")
        return self

    def covers(self, product: Product) -> bool:
        """Whether this product is sold in these sizes."""
        sizes = [tuple(_size_sets()[name]) for name in self.products]
        is_meant = product.kind in self.categories and product.sku not in self.without
        return is_meant and product.sizes in sizes

    def as_answer(self, public_url: str) -> dict[str, Any]:
        """The chart as `order_system/openapi.yaml` describes it."""
        return {
            "ref": self.ref,
            "title": self.title,
            "categories": self.categories,
            "gender": self.gender,
            "rows": [self._row(size) for size in self.rows],
            "how_to_measure": self.how_to_measure,
            "note": self.note,
            "url": f"{public_url.rstrip('/')}/shop/size-charts/{self.ref}.png",
            "has_image": True,
        }

    def cell(self, size: str, column: str) -> str:
        """What stands in a column; the size itself where it is our own number."""
        return str(self.rows[size].get(column, size if column == "br" else ""))

    def _row(self, size: str) -> dict[str, Any]:
        return {
            "size": size,
            "systems": {name: self.cell(size, name) for name in self.systems},
            "measures": {name: _span(self.cell(size, name)) for name in self.measures},
        }


@cache
def charts() -> dict[str, Chart]:
    """The charts by their ref."""
    rows = yaml.safe_load((SHOP_FILES / "size_charts.yml").read_text(encoding="utf-8"))
    found = TypeAdapter(list[Chart]).validate_python(rows)
    return {chart.ref: chart for chart in found}


def matching(product: Product | None, category: str | None, gender: str | None) -> list[Chart]:
    """The charts of a product or a category; all of them without either."""
    found = [
        chart
        for chart in charts().values()
        if (product is None or chart.covers(product))
        and (category is None or category in chart.categories)
    ]
    return [chart for chart in found if gender in {None, chart.gender} or chart.gender == "unisex"]


@cache
def _size_sets() -> dict[str, list[str]]:
    found: dict[str, list[str]] = read_json("catalogue.json")["sizes"]
    return found


def _span(text: str) -> dict[str, str]:
    low, _, high = text.partition("-")
    return {"low": low, "high": high or low}
