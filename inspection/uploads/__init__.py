"""Uploads that survive bad links: what arrived stays, and only what is whole becomes an object."""
