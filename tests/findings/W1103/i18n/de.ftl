home = Startseite
