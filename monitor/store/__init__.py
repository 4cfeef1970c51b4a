"""The ground they stand on: tables, rows, migrations."""
