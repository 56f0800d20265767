pair = { $one } + { $othr }
