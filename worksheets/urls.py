from django.urls import path

app_name = "worksheets"
urlpatterns: list[path] = []
