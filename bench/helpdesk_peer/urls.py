"""Where django-helpdesk's pages would be: the text of an e-mail links to them."""

from django.urls import include, path

urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]
