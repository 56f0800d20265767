hoem = Front
