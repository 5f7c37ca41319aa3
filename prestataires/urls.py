"""Addresses of the register."""


app_name = "prestataires"
urlpatterns = []
