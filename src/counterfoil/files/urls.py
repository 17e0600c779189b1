from django.urls import path

from counterfoil.files.views import linked_file

urlpatterns = [path("files/<str:token>", linked_file, name="linked-file")]
