"""Drafts become files by name; a submission knows where each file begins in its text."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def text_to_file(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    attempts = apps.get_model("attempts", "Attempt").objects
    for attempt in attempts.exclude(draft="").only("draft").iterator():
        attempts.filter(pk=attempt.pk).update(files={"answer.yaml": attempt.draft})


def file_to_text(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    attempts = apps.get_model("attempts", "Attempt").objects
    for attempt in attempts.exclude(files={}).only("files").iterator():
        attempts.filter(pk=attempt.pk).update(draft=attempt.files.get("answer.yaml", ""))


class Migration(migrations.Migration):
    dependencies = [("attempts", "0001_initial")]

    operations = [
        migrations.AddField("attempt", "files", models.JSONField(default=dict)),
        migrations.AddField("attempt", "draft_version", models.PositiveIntegerField(default=0)),
        migrations.AddField("submission", "parts", models.JSONField(default=list)),
        migrations.RunPython(text_to_file, file_to_text),
        migrations.RemoveField("attempt", "draft"),
    ]
