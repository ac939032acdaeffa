"""The pages that friends see: the landing page of a program, what follows a sign-up, the lead form, the terms."""
