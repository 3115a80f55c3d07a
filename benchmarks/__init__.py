"""Measurements that take minutes: run by hand (`make bench`), never by the tests."""
