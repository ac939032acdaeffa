"""Write the references anew, of the document format and of the API: `python docs/reference/make.py`."""

import os
from pathlib import Path

import django

from sayso.core.program.reference import page, schema_text

HERE = Path(__file__).parent

if __name__ == "__main__":
    (HERE / "document.md").write_text(page(), encoding="utf-8")
    (HERE / "document.schema.json").write_text(schema_text(), encoding="utf-8")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from sayso.web.api import page as api

    (HERE / "openapi.json").write_text(api.document_text(), encoding="utf-8")
    (HERE / "api.md").write_text(api.page(), encoding="utf-8")
