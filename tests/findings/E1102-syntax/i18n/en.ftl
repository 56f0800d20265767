home = Front
pair { $one }
topics = Themes
