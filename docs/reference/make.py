"""Write the reference of the document format anew: `python docs/reference/make.py`."""

from pathlib import Path

from sayso.core.program.reference import page, schema_text

HERE = Path(__file__).parent

if __name__ == "__main__":
    (HERE / "document.md").write_text(page(), encoding="utf-8")
    (HERE / "document.schema.json").write_text(schema_text(), encoding="utf-8")
