"""The page in the browser: watch a district, change its rules, compare packages, read what is not known."""
