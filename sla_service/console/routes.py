"""Routes of the console."""

from fastapi import APIRouter

from sla_service.settings import Settings


def router(settings: Settings) -> APIRouter:
    """The console's page and what it asks for."""
    return APIRouter(tags=["console"])
