"""A desk that is made up: the page's files, and an API that answers believably to itself."""
