"""How an installation is put together: settings, system checks, logs, and the folder that holds its secrets.

Nothing imports this room; Django finds it by the name in `DJANGO_SETTINGS_MODULE`.
"""
