"""The tests, as a package: one of the same name in an installed library must not take its place."""
